"""The application under fire: started as in production, loaded, hurt, and audited against a journal (`make fire`)."""
