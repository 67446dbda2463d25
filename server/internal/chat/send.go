package chat

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Send stores a message and returns after the commit. A repeat with the same client_id returns the first one's numbers
// with Duplicate, also when the actor has left the room since.
//
// It returns wire.BadRequest for what the request itself has wrong, wire.NotFound for a room the actor is not in, a person
// who is not there, a file that is not his or a message to forward that he can't see, wire.Conflict for a file that is not ready
// or was sent, wire.Forbidden where he may only read or not mention everybody, and wire.Unavailable when it is not known to be stored:
// then repeat it with the same client_id.
func (s *Service) Send(ctx context.Context, actor model.Actor, cmd wire.SendRequest) (wire.SendReply, error) {
	return await(ctx, func(done func(wire.SendReply, error)) { s.Submit(ctx, actor, cmd, done) })
}

// await waits for what a submission becomes, as long as the caller does.
func await(ctx context.Context, submit func(done func(wire.SendReply, error))) (wire.SendReply, error) {
	type result struct {
		reply wire.SendReply
		err   error
	}
	done := make(chan result, 1)
	submit(func(reply wire.SendReply, err error) { done <- result{reply, err} })
	select {
	case r := <-done:
		return r.reply, r.err
	case <-ctx.Done():
		return wire.SendReply{}, errs.Unavailable(time.Second, ctx.Err())
	}
}

// Submit is Send that doesn't wait for the commit: messages to one room are stored in the order of the calls. done is
// called once, perhaps before Submit returns, from any goroutine; it must not block.
func (s *Service) Submit(
	ctx context.Context, actor model.Actor, cmd wire.SendRequest, done func(wire.SendReply, error),
) {
	o, err := s.prepare(ctx, actor, cmd)
	if err != nil {
		done(wire.SendReply{}, err)
		return
	}
	s.submit(ctx, o, done)
}

func (s *Service) submit(ctx context.Context, o outgoing, done func(wire.SendReply, error)) {
	s.messages.Submit(ctx, o.draft, func(a Appended, err error) {
		switch {
		case err != nil:
			if missing(err) && o.refusal != nil {
				err = o.refusal
			}
			done(wire.SendReply{}, err)
		case a.Duplicate:
			done(replyTo(a), nil)
		default:
			s.sent(ctx, o, a, done)
		}
	})
}

// outgoing is a message on its way, with what is needed when it is stored.
type outgoing struct {
	draft Draft
	room  knownRoom
	// refusal is why the message can't be new: the room, person or message to forward is not there for the actor. The draft
	// goes on without a room, because a repeat must be answered all the same.
	refusal error
}

func (s *Service) prepare(ctx context.Context, actor model.Actor, cmd wire.SendRequest) (outgoing, error) {
	text, err := checkSend(cmd)
	if err != nil {
		return outgoing{}, err
	}
	o := outgoing{draft: Draft{
		Sender: actor, ClientID: cmd.ClientID, Text: text, ReplyToSeq: cmd.ReplyToSeq, MentionAll: cmd.MentionAll,
		ForwardedFrom: cmd.ForwardedFrom, FileIDs: cmd.FileIDs, Now: s.now(),
	}}
	if cmd.ForwardedFrom > 0 {
		source, err := s.messages.Source(ctx, actor.UserID, cmd.ForwardedFrom)
		if missing(err) {
			o.refusal = err
			return o, nil
		}
		if err != nil {
			return outgoing{}, err
		}
		o.draft.Text, o.draft.ForwardedFiles = source.Text, len(source.Files)
	}
	if cmd.RoomUUID != "" {
		o.room, err = s.knownRoom(ctx, actor, cmd.RoomUUID)
	} else {
		o.room, err = s.roomWith(ctx, actor, cmd.ReceiverUUID)
	}
	if missing(err) {
		o.refusal = err
		return o, nil
	}
	if err != nil {
		return outgoing{}, err
	}
	o.draft.RoomID = o.room.id
	if len(cmd.Mentions) > 0 {
		o.draft.Mentions, err = s.messages.Mentioned(ctx, o.room.id, cmd.Mentions)
	}
	return o, err
}

func checkSend(cmd wire.SendRequest) (text string, err error) {
	switch {
	case cmd.RoomUUID != "":
		err = checkUUID("room_uuid", cmd.RoomUUID)
	case cmd.ReceiverUUID != "":
		err = checkUUID("receiver_uuid", cmd.ReceiverUUID)
	default:
		err = errs.E(wire.BadRequest, "", textNoTarget)
	}
	if err == nil {
		err = checkUUID("client_id", cmd.ClientID)
	}
	if err == nil {
		err = notNegative("reply_to_seq", cmd.ReplyToSeq)
	}
	if err == nil {
		err = notNegative("forwarded_from", cmd.ForwardedFrom)
	}
	if err == nil {
		err = checkMentions(cmd.Mentions)
	}
	if err == nil {
		err = checkFiles(cmd)
	}
	switch {
	case err != nil || cmd.ForwardedFrom > 0:
		return "", err
	case len(cmd.FileIDs) > 0:
		return model.Caption(cmd.Text)
	}
	return model.MessageText(cmd.Text)
}

// checkFiles bounds the files of a message. One that is forwarded has those of the original.
func checkFiles(cmd wire.SendRequest) error {
	switch {
	case len(cmd.FileIDs) > wire.MaxMessageFiles:
		return errs.E(wire.BadRequest, wire.ReasonTooManyFiles, textManyFiles)
	case len(cmd.FileIDs) > 0 && cmd.ForwardedFrom > 0:
		return errs.BadField("file_ids", textForwarded)
	}
	seen := make(map[string]bool, len(cmd.FileIDs))
	for _, id := range cmd.FileIDs {
		if err := checkUUID("file_ids", id); err != nil {
			return err
		}
		if seen[id] {
			return errs.BadField("file_ids", textTwice)
		}
		seen[id] = true
	}
	return nil
}

// MayPost tells whether the actor may write into a room now: wire.NotFound unless he is a present member, wire.Forbidden where
// only administrators write.
func (s *Service) MayPost(ctx context.Context, actor model.Actor, roomUUID string) error {
	room, _, err := s.member(ctx, actor, roomUUID)
	if err == nil && !room.MayPost(actor) {
		err = errs.E(wire.Forbidden, wire.ReasonReadOnly, textReadOnly)
	}
	return err
}

// Post stores a message of a bot, which is a member of no room, in a group by its id: that it may write there was decided before. Of
// cmd only text, client_id and reply_to_seq count, so nobody is called by name. A repeat is as Send's.
//
// It returns wire.BadRequest for a text that Send would refuse, wire.NotFound for a room that is no group or was closed, and
// wire.Forbidden where nobody writes any more.
func (s *Service) Post(ctx context.Context, bot model.Actor, roomID int64, cmd wire.SendRequest) (wire.SendReply, error) {
	text, err := model.MessageText(cmd.Text)
	if err == nil {
		err = checkUUID("client_id", cmd.ClientID)
	}
	if err == nil {
		err = notNegative("reply_to_seq", cmd.ReplyToSeq)
	}
	if err != nil {
		return wire.SendReply{}, err
	}
	room, err := s.rooms.RoomByID(ctx, roomID)
	if err != nil {
		return wire.SendReply{}, err
	}
	if room.Kind != wire.RoomGroup || !bot.Bot {
		return wire.SendReply{}, errs.NotFound(textNoRoom)
	}
	return await(ctx, func(done func(wire.SendReply, error)) {
		s.submit(ctx, outgoing{room: knownRoom{id: room.ID, uuid: room.UUID, kind: room.Kind}, draft: Draft{
			RoomID: room.ID, Sender: bot, ClientID: cmd.ClientID, Text: text, ReplyToSeq: cmd.ReplyToSeq, Now: s.now(),
		}}, done)
	})
}

// knownRoom finds a room by its UUID; not_found if it was not known yet and the actor is not in it.
func (s *Service) knownRoom(ctx context.Context, actor model.Actor, roomUUID string) (knownRoom, error) {
	k, ok := s.known.get(roomUUID)
	now := s.clock()
	if ok && (!k.isPair() || now.Sub(k.asked) < hiddenFor) {
		return k, nil
	}
	room, _, err := s.rooms.RoomFor(ctx, actor.UserID, roomUUID)
	if err != nil {
		return knownRoom{}, err
	}
	k = knownRoom{id: room.ID, uuid: room.UUID, kind: room.Kind, asked: now}
	if k.isPair() {
		members, err := s.rooms.Members(ctx, room.ID)
		if err != nil {
			return knownRoom{}, err
		}
		for _, m := range members {
			if m.Hidden(room.LastSeq) {
				k.hidden = append(k.hidden, m.UserID)
			}
		}
	}
	s.known.put(k)
	return k, nil
}

// roomWith finds the direct room with a person, and makes it if there is none.
func (s *Service) roomWith(ctx context.Context, actor model.Actor, otherUUID string) (knownRoom, error) {
	p := pair{actor.UserID, otherUUID}
	if roomUUID, ok := s.known.pair(p); ok {
		return s.knownRoom(ctx, actor, roomUUID)
	}
	roomUUID, err := s.OpenDirect(ctx, actor, otherUUID)
	if err != nil {
		return knownRoom{}, err
	}
	s.known.putPair(p, roomUUID)
	return s.knownRoom(ctx, actor, roomUUID)
}

// sent tells members of a stored message and answers its sender. It runs on the store's goroutine, one message after the
// other, so it asks the database nothing; the rare message that brings a hidden room back goes on beside it.
func (s *Service) sent(ctx context.Context, o outgoing, a Appended, done func(wire.SendReply, error)) {
	if !o.room.isPair() {
		s.reads.sent(o.room.id, o.room.uuid)
	}
	if len(o.room.hidden) == 0 {
		s.publishMessage(ctx, a.Message, nil)
		done(replyTo(a), nil)
		return
	}
	s.running.Go(func() {
		ctx, cancel := after(ctx)
		defer cancel()
		s.unhide(ctx, o.room, a.Message)
		s.publishMessage(ctx, a.Message, nil)
		done(replyTo(a), nil)
	})
}

// unhide gives the room back to those who had put it away, as it was just before the message.
func (s *Service) unhide(ctx context.Context, room knownRoom, m model.Message) {
	s.known.forget(room.uuid)
	for _, userID := range room.hidden {
		data, err := s.personal(ctx, userID, room.id, moment{rev: m.Rev - 1, lastSeq: m.Seq - 1})
		if err != nil {
			s.unpublished(ctx, wire.EvRoom, room.id, err)
			continue
		}
		s.publisher.Publish(ctx, bus.Event{
			Ev: wire.EvRoom, Data: data, RoomID: room.id, RoomUUID: room.uuid, Users: []int64{userID},
		})
	}
}

// publishMessage tells the room of a new or changed message. personal may keep it from some members.
func (s *Service) publishMessage(ctx context.Context, m model.Message, personal map[int64]json.RawMessage) {
	s.publish(ctx, messageEvent(m, personal), m.Wire())
	if m.Kind == wire.MessageSystem { // a line moves its actor's cursor, as sending does
		s.reads.sent(m.RoomID, m.RoomUUID)
	}
}

func messageEvent(m model.Message, personal map[int64]json.RawMessage) bus.Event {
	return bus.Event{Ev: wire.EvMessage, RoomID: m.RoomID, RoomUUID: m.RoomUUID, Rev: m.Rev, Personal: personal}
}

func replyTo(a Appended) wire.SendReply {
	m := a.Message
	return wire.SendReply{
		MessageID: m.ID, RoomUUID: m.RoomUUID, Seq: m.Seq, Rev: m.Rev,
		Timestamp: wire.TimeOfMilli(m.CreatedAt), Duplicate: a.Duplicate,
	}
}

// newUUID makes a UUID that sorts by time.
func newUUID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}
