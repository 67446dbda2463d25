package legacy

import (
	"cmp"
	"slices"
	"time"

	"himsg/server/internal/errs"
)

// Bounds of what a report lists. Its counts are always of all.
const (
	maxListed     = 200_000
	maxListedKind = 20_000
)

// Problem is a row that does not come as it is.
type Problem struct {
	Table string `json:"table"`
	Row   int64  `json:"row"`  // its id; 0: none
	Name  string `json:"name"` // whose or what: a user name, a room's name, a path
	Kind  Kind   `json:"kind"`
	Note  string `json:"note,omitempty"` // what is special to this row
}

// KindCount is how often a kind of problem was found.
type KindCount struct {
	Kind  Kind   `json:"kind"`
	Fate  Fate   `json:"fate"`
	Count int64  `json:"count"`
	WhyKO string `json:"why_ko"`
	WhyEN string `json:"why_en"`
}

// TableCount is what becomes of a table's rows.
type TableCount struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`  // in the original
	Comes int64  `json:"comes"` // of them
	Left  int64  `json:"left"`
}

// Sums are the counts and checksums of what came, as the original has it and as it was read back. They are SHA-256 over all texts,
// and over the SHA-256 of all files, in the order of the original's messages.
type Sums struct {
	Messages int64  `json:"messages"`
	Files    int64  `json:"files"`
	Bytes    int64  `json:"bytes"` // of files
	Texts    string `json:"texts_sha256"`
	Contents string `json:"files_sha256"`
}

// Report is what an import would do, or did.
type Report struct {
	DryRun   bool         `json:"dry_run"`
	Zone     string       `json:"zone"`
	Tables   []TableCount `json:"tables"`
	Kinds    []KindCount  `json:"kinds"`
	Problems []Problem    `json:"problems"`
	Unlisted int64        `json:"unlisted"` // problems that are counted and not in Problems
	People   int          `json:"people"`
	Ghosts   int          `json:"people_gone"`
	Groups   int          `json:"groups"`
	Directs  int          `json:"directs"`
	First    *time.Time   `json:"first_message,omitempty"`
	Last     *time.Time   `json:"last_message,omitempty"`
	Source   Sums         `json:"source"`
	Target   *Sums        `json:"target,omitempty"` // read back; absent in a dry run
	Resumed  bool         `json:"resumed"`
	Before   bool         `json:"imported_before"` // all was here already

	listed map[Kind]int
	counts map[Kind]int64
	tables map[string]*TableCount
}

func newReport(dryRun bool, zone string) *Report {
	return &Report{
		DryRun: dryRun, Zone: zone, Problems: []Problem{}, listed: map[Kind]int{}, counts: map[Kind]int64{}, tables: map[string]*TableCount{},
	}
}

// table is the count of a table.
func (r *Report) table(name string) *TableCount {
	t := r.tables[name]
	if t == nil {
		t = &TableCount{Table: name}
		r.tables[name] = t
	}
	return t
}

func (r *Report) note(p Problem) {
	r.counts[p.Kind]++
	if r.listed[p.Kind] >= maxListedKind || len(r.Problems) >= maxListed {
		r.Unlisted++
		return
	}
	p.Name, _ = line(p.Name, 300)
	p.Note, _ = line(p.Note, 300)
	r.listed[p.Kind]++
	r.Problems = append(r.Problems, p)
}

// Stops reports whether something must be settled before anything can be imported.
func (r *Report) Stops() bool {
	for kind, n := range r.counts {
		if n > 0 && kinds[kind].fate == FateStops {
			return true
		}
	}
	return false
}

// Count is how often a kind was found.
func (r *Report) Count(kind Kind) int64 { return r.counts[kind] }

// seal sorts what was counted into lists.
func (r *Report) seal() {
	r.Kinds, r.Tables = []KindCount{}, []TableCount{}
	for kind, n := range r.counts {
		info := kinds[kind]
		r.Kinds = append(r.Kinds, KindCount{Kind: kind, Fate: info.fate, Count: n, WhyKO: info.why.KO, WhyEN: info.why.EN})
	}
	order := []Fate{FateStops, FateLeft, FateChanged, FateNote}
	slices.SortFunc(r.Kinds, func(a, b KindCount) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Fate), slices.Index(order, b.Fate)), cmp.Compare(a.Kind, b.Kind))
	})
	for _, name := range append(slices.Clone(Tables), tableFiles) {
		if t := r.tables[name]; t != nil {
			r.Tables = append(r.Tables, *t)
		}
	}
}

// why is what a kind means.
func (k Kind) why() errs.Text { return kinds[k].why }
