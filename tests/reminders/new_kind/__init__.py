"""A kind of notification that a developer might add: one module, two templates, and the migration that follows."""
