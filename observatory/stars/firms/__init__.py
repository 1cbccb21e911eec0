"""From tables of firms to the regional table: firms, high-growth SMEs and global frontier firms counted."""
