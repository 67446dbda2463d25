package client

import (
	"context"

	"himsg/shared/wire"
)

// This file holds what a Conn can do with messages that are stored. All of it fails as Call does.

// Edit replaces the text of an own message. A repeat with the same text is harmless.
func (c *Conn) Edit(ctx context.Context, in wire.EditRequest) (wire.RevReply, error) {
	var out wire.RevReply
	err := c.Call(ctx, wire.OpEdit, in, &out)
	return out, err
}

// React sets or clears an own reaction. A repeat is harmless.
func (c *Conn) React(ctx context.Context, in wire.ReactRequest) (wire.RevReply, error) {
	var out wire.RevReply
	err := c.Call(ctx, wire.OpReact, in, &out)
	return out, err
}

// Pin pins a message for its room, or takes the pin off. A repeat is harmless.
func (c *Conn) Pin(ctx context.Context, in wire.PinRequest) (wire.RevReply, error) {
	var out wire.RevReply
	err := c.Call(ctx, wire.OpPin, in, &out)
	return out, err
}

// Hide deletes messages for the caller alone, at most wire.MaxHideIDs. A repeat is harmless.
func (c *Conn) Hide(ctx context.Context, messageIDs ...int64) error {
	return c.Call(ctx, wire.OpHide, wire.HideRequest{MessageIDs: messageIDs}, nil)
}

// Hidden asks which messages of a room the caller has hidden after a my.rev.
func (c *Conn) Hidden(ctx context.Context, in wire.HiddenRequest) (wire.HiddenReply, error) {
	var out wire.HiddenReply
	err := c.Call(ctx, wire.OpHidden, in, &out)
	return out, err
}

// Messages returns single messages by seq, at most wire.MaxMessagesSeqs. It changes no Replica.
func (c *Conn) Messages(ctx context.Context, in wire.MessagesRequest) (wire.MessagesReply, error) {
	var out wire.MessagesReply
	err := c.Call(ctx, wire.OpMessages, in, &out)
	return out, err
}
