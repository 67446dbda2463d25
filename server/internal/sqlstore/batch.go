package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textNoRoom   = errs.Text{KO: "대화방을 찾을 수 없습니다.", EN: "There is no such conversation."}
	textReadOnly = errs.Text{KO: "공지방에는 관리자만 쓸 수 있습니다.", EN: "Only administrators can write announcements."}
	textFrozen   = errs.Text{KO: "더 이상 쓸 수 없는 대화방입니다.", EN: "Nobody can write here any more."}
	textNoReply  = errs.Text{KO: "답장할 메시지를 찾을 수 없습니다.", EN: "The message to reply to was not found."}
	textNoSource = errs.Text{KO: "전달할 메시지를 찾을 수 없습니다.", EN: "The message to forward was not found."}
	textCallAll  = errs.Text{KO: "모두를 부를 수 있는 것은 방장뿐입니다.", EN: "Only an owner can mention everybody."}
)

// batch is one transaction of new messages. Its steps may run several times: each run starts anew.
type batch struct {
	db        *DB
	now       int64
	lookFirst bool // look for every client_id before storing, since one is known to be taken
	entries   []*entry
	late      []*draft // their senders have stopped waiting

	rooms map[int64]*batchRoom
	reads map[seat]int64 // the senders' cursors as they were
}

// entry is one draft with what became of it.
type entry struct {
	draft *draft
	first *entry // the same client_id earlier in the batch
	files []*model.File
	out   outcome
}

// batchRoom is a locked room; its room's numbers grow as drafts take theirs.
type batchRoom struct {
	model.Room
	added int64
}

// seat is a person's place in a room.
type seat struct{ room, user int64 }

type clientKey struct {
	sender int64
	id     string
}

func (e *entry) key() clientKey { return clientKey{e.draft.Sender.UserID, e.draft.ClientID} }

func (e *entry) seat() seat { return seat{e.draft.RoomID, e.draft.Sender.UserID} }

func newBatch(db *DB, drafts []*draft) *batch {
	b := &batch{db: db}
	for _, d := range drafts {
		if d.ctx.Err() != nil {
			b.late = append(b.late, d)
			continue
		}
		b.now = max(b.now, d.Now)
		b.entries = append(b.entries, &entry{draft: d})
	}
	return b
}

func (b *batch) run(ctx context.Context, tx *sql.Tx) error {
	if err := b.lockRooms(ctx, tx); err != nil {
		return fmt.Errorf("lock rooms: %w", err)
	}
	seats, err := b.seats(ctx, tx)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	deleted, err := b.readDeleted(ctx, tx)
	if err != nil {
		return fmt.Errorf("read deleted messages: %w", err)
	}
	held, err := b.lockFiles(ctx, tx)
	if err != nil {
		return fmt.Errorf("lock files: %w", err)
	}
	b.judge(seats, deleted, held)
	if err := b.recognise(ctx, tx); err != nil {
		return fmt.Errorf("look for repeats: %w", err)
	}
	fresh := b.allot(held)
	if len(fresh) > 0 {
		if err := b.insert(ctx, tx, fresh); err != nil {
			return err
		}
	}
	for _, e := range b.entries {
		if e.first != nil {
			e.out = e.first.out
			e.out.Duplicate = e.out.err == nil
		}
	}
	return nil
}

// lockRooms locks the batch's rooms in the order of their ids, as every transaction does that takes numbers of several.
func (b *batch) lockRooms(ctx context.Context, tx *sql.Tx) error {
	b.rooms = make(map[int64]*batchRoom)
	var ids []any
	for _, e := range b.entries {
		if _, ok := b.rooms[e.draft.RoomID]; !ok {
			b.rooms[e.draft.RoomID] = &batchRoom{}
			ids = append(ids, e.draft.RoomID)
		}
	}
	return each(ctx, tx, func(row scanner) error {
		r, err := scanRoom(row)
		if err == nil {
			b.rooms[r.ID].Room = r
		}
		return err
	}, "select "+roomColumns+" from rooms r where r.id in ("+holes(len(ids))+") order by r.id"+b.db.d.forUpdate, ids...)
}

// standing is how a sender sits in a room: since which seq, and as what.
type standing struct {
	joined int64
	role   wire.RoomRole
}

// absent is the standing of who is not in the room.
var absent = standing{joined: -1}

// seats reads how the senders sit in their rooms, and where their cursors are.
func (b *batch) seats(ctx context.Context, tx *sql.Tx) (map[seat]standing, error) {
	found := make(map[seat]standing, len(b.entries))
	b.reads = make(map[seat]int64, len(b.entries))
	var args []any
	for _, e := range b.entries {
		if _, ok := found[e.seat()]; !ok {
			found[e.seat()] = absent
			args = append(args, e.draft.RoomID, e.draft.Sender.UserID)
		}
	}
	return found, each(ctx, tx, func(row scanner) error {
		var s seat
		var as standing
		var read int64
		if err := row.Scan(&s.room, &s.user, &as.joined, &as.role, &read); err != nil {
			return err
		}
		found[s], b.reads[s] = as, read
		return nil
	}, `select m.room_id, m.user_id, m.joined_seq, m.role, m.last_read_seq
  from `+b.db.d.values(len(args)/2, "v_room", "v_user")+`
 cross join room_members m on m.room_id = v.v_room and m.user_id = v.v_user
 where m.left_seq is null`, args...)
}

// judge refuses what may not be written, each draft for itself.
func (b *batch) judge(seats map[seat]standing, deleted deletedRefs, held heldFiles) {
	for _, e := range b.entries {
		e.first, e.files, e.out = nil, nil, outcome{}
		r := b.rooms[e.draft.RoomID]
		as, reply := seats[e.seat()], e.draft.ReplyToSeq
		switch {
		case r.ID == 0, r.ClosedAt != 0, as == absent && !e.draft.Sender.Bot:
			e.out.err = errs.NotFound(textNoRoom)
		case !r.MayPost(e.draft.Sender):
			e.out.err = readOnly(r.Room)
		case e.draft.MentionAll && !r.MayCallAll(as.role, e.draft.Sender):
			e.out.err = errs.E(wire.Forbidden, wire.ReasonMentionAll, textCallAll)
		case reply < 0, reply != 0 && !r.OpenHistory && reply <= as.joined, deleted.replies[spot{r.ID, reply}]:
			e.out.err = errs.E(wire.BadRequest, "", textNoReply)
		case deleted.sources[e.draft.ForwardedFrom]:
			e.out.err = errs.E(wire.NotFound, wire.ReasonSourceGone, textNoSource)
		default:
			e.out.err = held.maySend(e.draft)
		}
	}
}

// readOnly says why a member may not write.
func readOnly(room model.Room) error {
	text := textReadOnly
	if room.ReadOnly {
		text = textFrozen
	}
	return errs.E(wire.Forbidden, wire.ReasonReadOnly, text)
}

// recognise finds messages that are stored already. The usual draft is new, so only refused ones are looked up (a
// repeat must be answered also when its sender has left since), and all when the unique key said that one is taken.
func (b *batch) recognise(ctx context.Context, tx *sql.Tx) error {
	var asked []*entry
	for _, e := range b.entries {
		if b.lookFirst || e.out.err != nil {
			asked = append(asked, e)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	found, err := b.find(ctx, tx, asked)
	if err != nil {
		return err
	}
	for _, e := range asked {
		if m, ok := found[e.key()]; ok {
			e.out = outcome{Appended: chat.Appended{Message: m, Duplicate: true}}
		}
	}
	return nil
}

// find reads stored messages by sender and client_id.
func (b *batch) find(ctx context.Context, q querier, entries []*entry) (map[clientKey]model.Message, error) {
	args := make([]any, 0, 2*len(entries))
	for _, e := range entries {
		args = append(args, e.draft.Sender.UserID, e.draft.ClientID)
	}
	ids, err := collect(ctx, q, scanID, `select m.id
  from `+b.db.d.values(len(entries), "v_sender", "v_client")+`
 cross join messages m on m.sender_id = v.v_sender and m.client_id = v.v_client`, args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	page, err := b.db.messages(ctx, q, "where m.id in ("+holes(len(ids))+")", anys(ids)...)
	if err != nil {
		return nil, err
	}
	found := make(map[clientKey]model.Message, len(page))
	for _, m := range page {
		found[clientKey{m.SenderID, m.ClientID}] = m
	}
	return found, nil
}

func scanID(row scanner) (int64, error) {
	var id int64
	err := row.Scan(&id)
	return id, err
}

// allot gives the new messages their numbers, in the order in which the drafts came.
func (b *batch) allot(held heldFiles) (fresh []*entry) {
	seen := make(map[clientKey]*entry, len(b.entries))
	for _, e := range b.entries {
		if e.out.err != nil || e.out.Duplicate {
			continue
		}
		if first, ok := seen[e.key()]; ok {
			e.first = first
			continue
		}
		r := b.rooms[e.draft.RoomID]
		if e.draft.ReplyToSeq > r.LastSeq {
			e.out.err = errs.E(wire.BadRequest, "", textNoReply)
			continue
		}
		if e.files, e.out.err = held.take(e.draft); e.out.err != nil {
			continue
		}
		seen[e.key()] = e
		r.added++
		r.LastSeq++
		r.Rev++
		e.out.Message = model.Message{
			RoomID: r.ID, RoomUUID: r.UUID, Seq: r.LastSeq, Rev: r.Rev, Kind: wire.MessageUser,
			SenderID: e.draft.Sender.UserID, SenderUUID: e.draft.Sender.UserUUID, ClientID: e.draft.ClientID,
			Text: e.draft.Text, CreatedAt: b.now, ReplyToSeq: e.draft.ReplyToSeq, ForwardedFrom: e.draft.ForwardedFrom,
			MentionAll: e.draft.MentionAll && r.CallsAll(),
		}
		fresh = append(fresh, e)
	}
	return slices.Clip(fresh)
}
