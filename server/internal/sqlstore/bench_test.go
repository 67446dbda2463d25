package sqlstore_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

const benchText = "내일 오전 10시 회의 자료 확인 부탁드립니다. 수정할 부분 있으면 알려주세요."

// BenchmarkAppend stores messages of 256 senders at once, in one hot room and over 1,000 rooms, beside the bare group
// insert of the same rows (BenchmarkBareInsert).
func BenchmarkAppend(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqlstore.DB{"sqlite": storetest.SQLite, "mariadb": storetest.MariaDB} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			people := storetest.People(b, db, 256)
			hot := []model.Room{storetest.Group(b, db, people...)}
			rooms := make([]model.Room, 0, 1000)
			for i := range 1000 {
				rooms = append(rooms, storetest.Group(b, db, people[i%256], people[(i+1)%256]))
			}
			b.Run("hot", func(b *testing.B) {
				appendAll(b, db, func(i int64) (model.Room, model.Actor) { return hot[0], people[i%256] })
			})
			b.Run("1000rooms", func(b *testing.B) {
				appendAll(b, db, func(i int64) (model.Room, model.Actor) { return rooms[i%1000], people[(i%1000)%256] })
			})
		})
	}
}

func appendAll(b *testing.B, db *sqlstore.DB, pick func(int64) (model.Room, model.Actor)) {
	const senders = 256
	before := db.Stats()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range senders {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				room, sender := pick(i)
				if _, err := db.Append(context.Background(), storetest.Draft(room, sender, benchText)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	after := db.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(float64(after.Appends-before.Appends)/float64(after.AppendBatches-before.AppendBatches), "msg/batch")
}

// BenchmarkBareInsert is the floor: one goroutine inserts rows of 256 into the same table and commits, nothing else.
func BenchmarkBareInsert(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqlstore.DB{"sqlite": storetest.SQLite, "mariadb": storetest.MariaDB} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			pool := sqlstore.Writer(db)
			const group = 256
			seq := 0
			b.ResetTimer()
			for seq < b.N {
				n := min(group, b.N-seq)
				args := make([]any, 0, 8*n)
				for range n {
					seq++
					args = append(args, 1, seq, seq, "user", 1, uuid.NewString(), benchText, storetest.Start)
				}
				insertRows(b, pool, n, args)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func insertRows(b *testing.B, pool *sql.DB, n int, args []any) {
	b.Helper()
	tx, err := pool.Begin()
	if err != nil {
		b.Fatal(err)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?,?,?,?,?,?,?,?),", n), ",")
	if _, err := tx.Exec("insert into messages (room_id, seq, rev, kind, sender_id, client_id, text, created_at) values "+rows,
		args...); err != nil {
		b.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}
