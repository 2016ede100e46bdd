"""The demonstration: ``load_demo`` puts the contents of this folder's TOML files into the database."""
