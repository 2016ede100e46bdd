"""The pages of contacts, and the fragments for the picker."""
