"""Provider profiles: what a hosting provider publishes about its mail servers, as data."""
