package core

import (
	"context"
	"log/slog"
	"strings"

	"golang.org/x/text/unicode/norm"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// searchPage is how many messages a page of hits has.
const searchPage = 20

// Search looks for messages on the server. Without a network, or when the server does not answer in time, it looks among
// what this device holds and says so.
func (c *Core) Search(query SearchQuery) (SearchPage, error) {
	c.touch()
	out := SearchPage{Hits: []SearchHit{}}
	words, err := checkSearch(query)
	err = c.change(err, func(ctx context.Context, s *session) error {
		found, next, err := s.searchServer(ctx, query)
		if err != nil && client.Temporary(err) {
			out.Local = true
			found, next, err = s.searchStore(ctx, query, words)
		}
		if err != nil {
			return err
		}
		s.recall.Add(found...)
		out.Next = next
		for _, m := range found {
			out.Hits = append(out.Hits, SearchHit{Message: viewMessage(m, s.eyes()), Snippet: snippet(m.Text, words)})
		}
		return nil
	})
	return out, err
}

// checkSearch reads what the user looks for.
func checkSearch(q SearchQuery) (search.Query, error) {
	words, reason := search.ParseNarrowed(q.Text, q.HasFile)
	if reason != "" {
		return words, refuse(wire.BadRequest, reason, "nothing to look for")
	}
	for _, id := range []string{q.RoomUUID, q.SenderUUID} {
		if id == "" {
			continue
		}
		if err := checkID(id); err != nil {
			return words, err
		}
	}
	if q.Before < 0 || q.From < 0 || q.From > maxMilli || q.To < 0 || q.To > maxMilli {
		return words, refuse(wire.BadRequest, "", "no such time or place")
	}
	return words, nil
}

func (s *session) searchServer(ctx context.Context, q SearchQuery) ([]wire.Message, int64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Pace.Search)
	defer cancel()
	reply, err := s.current().conn.Search(ctx, wire.SearchRequest{
		Query: strings.TrimSpace(q.Text), RoomUUID: q.RoomUUID, SenderUUID: q.SenderUUID, From: instant(q.From), To: instant(q.To),
		HasFile: q.HasFile, Before: q.Before, Limit: searchPage,
	})
	return reply.Messages, reply.Next, err
}

func (s *session) searchStore(ctx context.Context, q SearchQuery, words search.Query) ([]wire.Message, int64, error) {
	found, next, err := s.store.Search(ctx, store.LocalQuery{
		Query: words, RoomUUID: q.RoomUUID, SenderUUID: q.SenderUUID, From: q.From, To: q.To, Before: q.Before,
		HasFile: q.HasFile, Limit: searchPage,
	})
	return found, next, s.storeFailed(err)
}

// indexAtATime is how many messages are added to the index before others may write.
const indexAtATime = 200

// index adds to the index what was held before there was one, beside the work.
func (s *session) index(ctx context.Context) {
	for {
		more, err := s.store.IndexSome(ctx, indexAtATime)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "index old messages", slog.Any("error", s.storeFailed(err)))
		}
		if err != nil || !more || !pause(ctx, s.o.Pace.Index) {
			return
		}
	}
}

// instant is a filter's time; 0 is none.
func instant(ms int64) *wire.Time {
	if ms == 0 {
		return nil
	}
	t := wire.TimeOfMilli(ms)
	return &t
}

// What a snippet shows, in code points: what is before the first hit, and of the text in all.
const (
	snippetBefore = 20
	snippetRunes  = 80
)

// snippet cuts a piece out of a text, around what was found first, on one line. It is text and never markup.
func snippet(text string, words search.Query) []Piece {
	runes := []rune(norm.NFC.String(text))
	ranges := words.Ranges(text)
	from := 0
	if len(ranges) > 0 {
		from = max(0, min(ranges[0].Start-snippetBefore, len(runes)-snippetRunes))
	}
	to := min(len(runes), from+snippetRunes)
	var out []Piece
	add := func(start, end int, hit bool) {
		if start < end {
			out = append(out, Piece{Text: flat(runes[start:end]), Hit: hit})
		}
	}
	at := from
	for _, r := range ranges {
		start, end := max(r.Start, at), min(r.End, to)
		if start >= end {
			continue
		}
		add(at, start, false)
		add(start, end, true)
		at = end
	}
	add(at, to, false)
	if from > 0 {
		out = append([]Piece{{Text: "…"}}, out...)
	}
	if to < len(runes) {
		out = append(out, Piece{Text: "…"})
	}
	return orEmpty(out)
}

// flat shows line breaks and tabs as blanks.
func flat(runes []rune) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(string(runes))
}
