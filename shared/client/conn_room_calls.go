package client

import (
	"context"

	"himsg/shared/wire"
)

// This file holds the calls over the connection about rooms' settings and receipts. They return ErrOffline, *Error and
// context errors as Call does.

// SetMy changes the own row in a room (favourite, pinned, locked, muted); what is nil stays. All own devices hear of it.
func (c *Conn) SetMy(ctx context.Context, in wire.MyRequest) (wire.MyReply, error) {
	var out wire.MyReply
	err := c.Call(ctx, wire.OpMy, in, &out)
	return out, err
}

// Readers returns a page of those who have read a message, or have not, with how many there are of both.
func (c *Conn) Readers(ctx context.Context, in wire.ReadersRequest) (wire.ReadersReply, error) {
	var out wire.ReadersReply
	err := c.Call(ctx, wire.OpReaders, in, &out)
	return out, err
}
