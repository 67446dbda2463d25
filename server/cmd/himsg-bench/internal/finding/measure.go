package finding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/chat"
	"himsg/server/internal/sqlstore"
	"himsg/shared/search"
)

const page = 20

// kind is a sort of word, as someone types it.
type kind struct {
	name string
	word func(c *company) string
}

// ranks are words by how often they come: the first, some in the middle, and the last.
var kinds = []kind{
	{"frequent", func(c *company) string { return c.korean(0, 20) }},
	{"middling", func(c *company) string { return c.korean(300, 1000) }},
	{"rare", func(c *company) string { return c.korean(koreanWords*2/3, koreanWords) }},
	{"absent", func(c *company) string { return c.korean(0, 200) + c.korean(0, 200) }},
	{"unwritten", func(*company) string { return "쀍퉭" }}, // of syllables that nobody uses
	{"phrase", func(c *company) string { return `"` + c.neighbours() + `"` }},
	{"two words", func(c *company) string { return c.korean(0, 200) + " " + c.korean(0, 200) }},
	{"latin", func(c *company) string { return c.words.latin[c.rng.IntN(latinWords/4)] }},
}

func (c *company) korean(from, to int) string { return c.words.korean[from+c.rng.IntN(to-from)] }

// neighbours are two words that follow each other in something that was said.
func (c *company) neighbours() string {
	for {
		words := strings.Fields(c.said[c.rng.IntN(len(c.said))])
		if len(words) > 1 {
			i := c.rng.IntN(len(words) - 1)
			return words[i] + " " + words[i+1]
		}
	}
}

// measure searches for each kind of word as each of the searchers, one search at a time.
func (c *company) measure(ctx context.Context, db *sqlstore.DB) ([]Result, error) {
	var results []Result
	for s := range searchers {
		for _, k := range kinds {
			r, err := c.measureKind(ctx, db, s, k)
			if err != nil {
				return nil, fmt.Errorf("search %s: %w", k.name, err)
			}
			results = append(results, r)
		}
	}
	return results, nil
}

func (c *company) measureKind(ctx context.Context, db *sqlstore.DB, searcher int, k kind) (Result, error) {
	times := make([]time.Duration, 0, c.o.Repeat)
	found := 0
	for range c.o.Repeat {
		query, reason := search.Parse(k.word(c))
		if reason != "" {
			return Result{}, fmt.Errorf("a word is refused: %s", reason)
		}
		start := rig.Now()
		hits, _, err := db.Search(ctx, chat.Sought{UserID: int64(searcher + 1), Query: query, Limit: page})
		if err != nil {
			return Result{}, err
		}
		times = append(times, rig.Now().Sub(start))
		found += len(hits)
	}
	slices.Sort(times)
	return Result{
		Rooms: c.roomsOf(searcher), Word: k.name, P50: rig.Percentile(times, 50), P99: rig.Percentile(times, 99),
		Found: float64(found) / float64(c.o.Repeat),
	}, nil
}
