"""Orders that were placed elsewhere: read from files, checked, and brought in through the services of everybody."""
