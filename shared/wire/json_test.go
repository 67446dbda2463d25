package wire

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzUnmarshal: what Unmarshal takes, refuses and makes of JSON is what encoding/json takes, refuses and makes of it.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{"re":7,"d":{"messages":[{"message_id":1,"text":"안녕","timestamp":"2026-11-22T05:41:07.123Z","mentions":[]}]}}`,
		`{"RE":7,"re":8,"D":null,"d":[1,2,{"a":"b"}],"err":{"code":"internal"}}`,
		`{"rooms":{"a":[1],"b":[1,2,3],"a":[4,5]},"directory_rev":1e2}`, `{"text":"\ud800\u003c\xff","seq":1.5}`,
		`{"seq":"1"}`, `{"files":null,"edited_at":null,"text":null}`, `{"timestamp":"2026-11-22T05:41:07+09:00"}`, `{"timestamp":1}`,
		"{\"text\":\"a\nb\"}", ` {"text":"a"} x`, `[1,2]`, `nul`, ``, `{"text":"a",}`, `{"deep":[[[[[[[[[[[[]]]]]]]]]]]]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, of := range []func() any{
			func() any { return new(Envelope) }, func() any { return new(Request) }, func() any { return new(Message) },
			func() any { return new(SyncRequest) }, func() any { return new(RoomSummary) }, func() any { return new(HistoryReply) },
		} {
			want, got := of(), of()
			wantErr, gotErr := json.Unmarshal(data, want), Unmarshal(data, got)
			if (wantErr == nil) != (gotErr == nil) {
				t.Fatalf("%T: %q: error %v, encoding/json says %v", got, data, gotErr, wantErr)
			}
			if wantErr == nil && !reflect.DeepEqual(want, got) {
				t.Fatalf("%T: %q:\n%+v\n%+v of encoding/json", got, data, got, want)
			}
		}
	})
}

// BenchmarkUnmarshal decodes a page of fifty messages; encoding/json is what it is measured beside.
func BenchmarkUnmarshal(b *testing.B) {
	page := HistoryReply{}
	for i := range 50 {
		page.Messages = append(page.Messages, Message{
			MessageID: int64(i), RoomUUID: "0192f0c1-0000-7000-8000-000000000001", Seq: int64(i), Rev: int64(i), Kind: MessageUser,
			SenderUUID: "0192f0c1-0000-7000-8000-000000000002", ClientID: "0192f0c1-0000-7000-8000-000000000003",
			Text: "회의 자료 공유드립니다. 확인 부탁드려요 please check the attached plan before 3 pm", Timestamp: TimeOfMilli(1_790_000_000_123),
			Mentions: []string{}, Files: []File{}, Reactions: []Reaction{},
		})
	}
	data, err := json.Marshal(page)
	if err != nil {
		b.Fatal(err)
	}
	for name, unmarshal := range map[string]func([]byte, any) error{"ours": Unmarshal, "encoding/json": json.Unmarshal} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := unmarshal(data, new(HistoryReply)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
