package sqlstore

import (
	"himsg/server/internal/chat"
	"himsg/server/internal/hub"
)

// The ports that this file's package implements for conversations; those of accounts are beside their methods.
var (
	_ chat.Messages   = (*DB)(nil)
	_ chat.Rooms      = (*DB)(nil)
	_ chat.Membership = (*DB)(nil)
	_ chat.Cursors    = (*DB)(nil)
	_ chat.People     = (*DB)(nil)
	_ chat.Search     = (*DB)(nil)
	_ hub.Membership  = (*DB)(nil)
)
