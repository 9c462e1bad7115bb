"""Full-text search in English and Japanese over everything that a conversation holds."""
