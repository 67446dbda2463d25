package demo

import (
	"context"
	"fmt"
	"slices"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// post is a message with files that somebody of a room sends last of all.
type post struct {
	room  string // its name; empty: a direct room of the first person
	from  int    // place among the room's members; the first person is 0
	text  string
	files []string
}

// posts make that the photos and files of several rooms show something.
var posts = []post{
	{"신제품 출시 TF", 1, "어제 매장 조사 사진입니다.", []string{"매장_입구.jpg", "진열대_A.jpg", "진열대_B.jpg", "계산대.jpg", "포스터.png"}},
	{"신제품 출시 TF", 2, "출시 계획 최종본 공유드립니다.", []string{"출시_계획.pdf", "판매_예측.xlsx", "배너_시안.zip"}},
	{"스마트 공장 추진", 3, "", []string{"라인_3_현장.jpg"}},
	{"스마트 공장 추진", 1, "설비 목록과 회의록입니다.", []string{"설비_목록(최종).xlsx", "회의록.txt"}},
	{"원가 절감 TF", 2, "2분기 보고서 검토 부탁드립니다.", []string{"원가_보고서.pdf"}},
	{"동호회 – 등산", 4, "이번 주말 코스 미리 보기!", []string{"정상.jpg", "능선.jpg", "계곡.jpg"}},
	{"", 1, "", []string{"보고서.pdf"}},
}

// postFiles sends the posts of those rooms that there are.
func (c *company) postFiles(ctx context.Context, poster Poster) (sent int, err error) {
	for _, p := range posts {
		r := c.roomFor(p)
		if r == nil {
			continue
		}
		from := r.members[p.from%len(r.members)].user
		var files []File
		for i, name := range p.files {
			content, err := sample(name, len(p.text)+7*i)
			if err != nil {
				return sent, fmt.Errorf("make %s: %w", name, err)
			}
			files = append(files, File{Name: name, Content: content})
		}
		actor := model.Actor{UserID: from.ID, UserUUID: from.UUID, Role: from.Role}
		if err := poster.Post(ctx, actor, r.row.UUID, p.text, files); err != nil {
			return sent, fmt.Errorf("post files: %w", err)
		}
		sent += len(files)
	}
	return sent, nil
}

func (c *company) roomFor(p post) *room {
	at := slices.IndexFunc(c.rooms, func(r *room) bool {
		if p.room != "" {
			return r.row.Name == p.room
		}
		return r.row.Kind == wire.RoomDirect && slices.ContainsFunc(r.members, func(m *member) bool { return m.user == &c.users[0] })
	})
	if at < 0 {
		return nil
	}
	return c.rooms[at]
}
