"""The demonstration: what stands in the TOML files of this folder, put into the database by ``load_demo``."""
