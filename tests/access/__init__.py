"""The access table: audiences, what stands in addresses, and the rows. Asked by tests/test_access.py."""
