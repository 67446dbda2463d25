package core

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// roomFilesPage is how many files of a room the page gets at a time, and how many messages are looked at for them.
const roomFilesPage = 60

// localCursor begins a Next that goes on among what is held here.
const localCursor = "held-"

func checkFilesQuery(q FilesQuery) error {
	if !slices.Contains([]string{"", "photo", "other"}, q.Kind) || utf8.RuneCountInString(q.Before) > maxCursorRunes {
		return refuse(wire.BadRequest, "", "no such kind or place")
	}
	return checkField(q.Text, wire.MaxQueryRunes)
}

// roomFiles asks the server. What it shows can be asked for by file_id from then on.
func (s *session) roomFiles(ctx context.Context, roomUUID string, q FilesQuery) (FilesPage, error) {
	out := FilesPage{Files: []RoomFile{}}
	if strings.HasPrefix(q.Before, localCursor) || !s.online() {
		return out, client.ErrOffline
	}
	reply, err := s.auth.RoomFiles(ctx, roomUUID, client.RoomFilesQuery{
		Kind: q.Kind, Query: strings.TrimSpace(q.Text), Before: q.Before, Limit: roomFilesPage,
	})
	if err != nil {
		return out, err
	}
	for _, f := range reply.Files {
		s.recall.AddFile(roomUUID, f)
		out.Files = append(out.Files, RoomFile{
			File: viewFiles([]wire.File{f.File}, s.downloads.Saved)[0], MessageID: f.MessageID, Seq: f.Seq,
			SenderUUID: f.SenderUUID, At: f.Timestamp.UnixMilli(),
		})
	}
	out.Next = reply.Next
	return out, nil
}

// heldRoomFiles looks among the messages that are held.
func (s *session) heldRoomFiles(ctx context.Context, r store.Room, q FilesQuery) (FilesPage, error) {
	out := FilesPage{Files: []RoomFile{}, Local: true}
	var before int64
	if cursor, ok := strings.CutPrefix(q.Before, localCursor); ok {
		seq, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil || seq < 1 {
			return out, refuse(wire.BadRequest, "", "no such place")
		}
		before = seq
	} else if q.Before != "" {
		return out, client.ErrOffline // a page of the server's list, which goes on when it is back
	}
	text := foldName(q.Text)
	for len(out.Files) < roomFilesPage {
		list, err := s.store.MessagesWithFiles(ctx, r.UUID, before, roomFilesPage)
		if err != nil {
			return out, s.storeFailed(err)
		}
		for _, m := range list {
			before = m.Seq
			for _, f := range m.Files {
				if fits := q.Kind == "" || (q.Kind == "photo") == f.Thumbnail; !fits || !strings.Contains(foldName(f.Name), text) {
					continue
				}
				out.Files = append(out.Files, RoomFile{
					File: viewFiles([]wire.File{f}, s.downloads.Saved)[0], MessageID: m.MessageID, Seq: m.Seq,
					SenderUUID: m.SenderUUID, At: m.Timestamp.UnixMilli(),
				})
			}
		}
		if len(list) < roomFilesPage {
			return out, nil
		}
	}
	out.Next = localCursor + strconv.FormatInt(before, 10)
	return out, nil
}

func foldName(text string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(text))) }
