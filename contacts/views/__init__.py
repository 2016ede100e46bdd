"""Pages of contacts, and what the picker asks for."""
