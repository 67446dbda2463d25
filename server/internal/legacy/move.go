package legacy

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Target is where an import goes.
type Target struct {
	Store  Store
	Files  Files
	Hasher Hasher
}

// How much one transaction writes.
const (
	peopleStep = 50
	roomsStep  = 200
	seatsStep  = 50
)

var textStops = errs.Text{
	KO: "먼저 해결해야 할 문제가 있습니다. 보고서를 보세요.", EN: "Some problems must be settled first; see the report.",
}

// Examine looks at the content of every file that would come, as an upload is looked at. It is for a dry run: Move does it itself.
func (p *Plan) Examine(ctx context.Context, files Files) error {
	for n, u := range p.uploadsInOrder() {
		if !u.comes() {
			continue
		}
		content, err := p.uploads.Open(u.path)
		if err != nil {
			return fmt.Errorf("open a file of the original: %w", err)
		}
		refusal, err := files.Examine(ctx, u.name, content)
		if err = joinClose(err, content); err != nil {
			return fmt.Errorf("look at a file of the original: %w", err)
		}
		p.arrived(u, model.File{Size: u.size}, refusal)
		p.progress("files looked at", int64(n+1))
	}
	p.Report.seal()
	return nil
}

// arrived counts a file, or notes that it was refused.
func (p *Plan) arrived(u *upload, stored model.File, refusal *errs.Error) {
	if refusal != nil {
		p.leave(u, KindFileRefused, u.name+": "+refusal.Message("en"))
		return
	}
	u.stored = stored
	p.Report.table(tableFiles).Comes++
	p.Report.Source.Files++
	p.Report.Source.Bytes += stored.Size
}

// Move does what was planned, from where it was broken off if it was, and compares all of it with the original at the end. A
// repeat after that does nothing: people have gone on writing. Its error is wire.Conflict if the report Stops it, or if something is not what it was there:
// the Report names each row.
func (p *Plan) Move(ctx context.Context, to Target) error {
	if p.Report.Stops() {
		return errs.E(wire.Conflict, "", textStops)
	}
	at, err := p.begin(ctx, to.Store)
	if err != nil || at.State == Done {
		return err
	}
	for _, step := range []struct {
		phase, next Phase
		always      bool // it also reads what later steps need
		do          func(context.Context, Target, *Import) error
	}{
		{PhasePeople, PhaseRooms, true, p.movePeople},
		{PhaseRooms, PhaseFiles, true, p.moveRooms},
		{PhaseFiles, PhaseMessages, true, p.moveFiles},
		{PhaseMessages, PhaseSeats, false, p.moveMessages},
		{PhaseSeats, PhaseCheck, false, p.moveSeats},
	} {
		if at.Phase != step.phase && !step.always {
			continue
		}
		if err := step.do(ctx, to, &at); err != nil {
			return err
		}
		if at.Phase != step.phase {
			continue
		}
		if err := to.Store.NextLegacyPhase(ctx, at.ID, step.phase, step.next, p.now()); err != nil {
			return fmt.Errorf("end the phase %s: %w", step.phase, err)
		}
		at.Phase, at.AfterID = step.next, 0
	}
	if err := p.check(ctx, to); err != nil {
		return err
	}
	return p.end(ctx, to.Store, at)
}

func (p *Plan) now() int64 { return p.o.Now.UnixMilli() }

// begin finds the import or makes it.
func (p *Plan) begin(ctx context.Context, store Store) (Import, error) {
	found, err := store.LegacyImport(ctx, p.Fingerprint)
	if err != nil || found.Fingerprint == p.Fingerprint {
		return found, err
	}
	fresh := Import{
		UUID: p.uuid("import"), Fingerprint: p.Fingerprint, State: Copying, Phase: PhasePeople, Detail: "{}",
	}
	begun, err := store.BeginLegacy(ctx, fresh, model.AuditEntry{
		At: p.now(), Action: model.AuditLegacyBegun, Subject: fresh.UUID, Detail: p.summary(),
	})
	if err != nil {
		return begun, fmt.Errorf("begin the import: %w", err)
	}
	return begun, nil
}

// summary is what the audit keeps: numbers.
func (p *Plan) summary() string {
	text, err := json.Marshal(map[string]any{
		"people": p.Report.People, "groups": p.Report.Groups, "directs": p.Report.Directs, "messages": p.Report.Source.Messages,
		"files": p.Report.Source.Files, "fingerprint": p.Fingerprint,
	})
	if err != nil {
		panic(err) // numbers and a text can always be encoded
	}
	return string(text)
}

func (p *Plan) end(ctx context.Context, store Store, at Import) error {
	err := store.EndLegacy(ctx, at.ID, p.summary(), model.AuditEntry{
		At: p.now(), Action: model.AuditLegacyImported, Subject: at.UUID, Detail: p.summary(),
	})
	if err != nil {
		return fmt.Errorf("end the import: %w", err)
	}
	return nil
}

// step is a transaction of an import that goes on to a place.
func (p *Plan) step(at *Import, to int64) Step {
	s := Step{ImportID: at.ID, Phase: at.Phase, From: at.AfterID, To: to, Now: p.now()}
	at.AfterID = to
	return s
}

func (p *Plan) movePeople(ctx context.Context, to Target, at *Import) error {
	if at.Phase == PhasePeople {
		for start := int(at.AfterID); start < len(p.people); start += peopleStep {
			end := min(start+peopleStep, len(p.people))
			batch, err := p.newPeople(ctx, to.Hasher, p.people[start:end])
			if err != nil {
				return err
			}
			if err := to.Store.AddLegacyPeople(ctx, p.step(at, int64(end)), batch); err != nil {
				return fmt.Errorf("store people: %w", err)
			}
			p.progress("people", int64(end))
		}
	}
	uuids := make([]string, 0, len(p.people))
	for _, one := range p.people {
		if one.linked == 0 {
			uuids = append(uuids, one.user.UUID)
		}
	}
	ids, err := to.Store.LegacyUsers(ctx, uuids)
	if err != nil {
		return fmt.Errorf("find people: %w", err)
	}
	for i := range p.people {
		if one := &p.people[i]; one.linked == 0 {
			if one.id = ids[one.user.UUID]; one.id == 0 {
				return fmt.Errorf("person %s is not there", one.user.UUID)
			}
		}
	}
	return nil
}

// newPeople hashes the passwords of those who come, on all cores.
func (p *Plan) newPeople(ctx context.Context, hasher Hasher, people []person) ([]NewPerson, error) {
	all := make([]NewPerson, len(people))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, one := range people {
		all[i].User = one.user
		if one.oldHash == "" || one.linked != 0 {
			continue
		}
		group.Go(func() (err error) {
			all[i].PasswordHash, err = hasher.HashOld(within, one.oldHash)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("hash passwords: %w", err)
	}
	fresh := all[:0]
	for i := range all {
		if people[i].linked == 0 {
			fresh = append(fresh, all[i])
		}
	}
	return fresh, nil
}

func (p *Plan) moveRooms(ctx context.Context, to Target, at *Import) error {
	if at.Phase == PhaseRooms {
		for start := int(at.AfterID); start < len(p.rooms); start += roomsStep {
			end := min(start+roomsStep, len(p.rooms))
			if err := to.Store.AddLegacyRooms(ctx, p.step(at, int64(end)), p.newRooms(p.rooms[start:end])); err != nil {
				return fmt.Errorf("store rooms: %w", err)
			}
			p.progress("rooms", int64(end))
		}
	}
	uuids := make([]string, len(p.rooms))
	for i, r := range p.rooms {
		uuids[i] = r.uuid
	}
	ids, err := to.Store.LegacyRooms(ctx, uuids)
	if err != nil {
		return fmt.Errorf("find rooms: %w", err)
	}
	for i := range p.rooms {
		if p.rooms[i].id = ids[p.rooms[i].uuid]; p.rooms[i].id == 0 {
			return fmt.Errorf("room %s is not there", p.rooms[i].uuid)
		}
	}
	return nil
}

func (p *Plan) newRooms(rooms []room) []NewRoom {
	list := make([]NewRoom, len(rooms))
	for i, r := range rooms {
		list[i] = NewRoom{UUID: r.uuid, Kind: string(r.kind), Name: r.name, CreatedAt: r.createdAt}
		if r.owner >= 0 {
			list[i].CreatedBy = p.people[r.owner].id
		}
		if r.kind != wire.RoomGroup {
			list[i].DirectKey = model.DirectKey(p.people[r.pair[0]].id, p.people[r.pair[1]].id)
		}
	}
	return list
}

// moveFiles brings the bytes. What has come already is found by its UUID.
func (p *Plan) moveFiles(ctx context.Context, to Target, _ *Import) error {
	for n, u := range p.uploadsInOrder() {
		if !u.comes() {
			continue
		}
		m := p.find(u.message)
		content, err := p.uploads.Open(u.path)
		if err != nil {
			return fmt.Errorf("open a file of the original: %w", err)
		}
		stored, refusal, err := to.Files.Bring(ctx, Incoming{
			UUID: p.fileUUID(u.message), UploaderID: p.people[m.sender].id, Name: u.name, At: m.at, Content: content,
		})
		if err = joinClose(err, content); err != nil {
			return fmt.Errorf("bring the file of message %d: %w", u.message, err)
		}
		p.arrived(u, stored, refusal)
		p.progress("files", int64(n+1))
	}
	return nil
}

func (p *Plan) moveMessages(ctx context.Context, to Target, at *Import) error {
	for {
		page, err := p.source.Messages(ctx, at.AfterID, pageRows)
		if err != nil {
			return fmt.Errorf("read the original's messages: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		var rows []NewMessage
		for _, row := range page {
			rows = append(rows, p.newMessages(row)...)
		}
		if err := to.Store.AddLegacyMessages(ctx, p.step(at, page[len(page)-1].ID), rows); err != nil {
			return fmt.Errorf("store messages: %w", err)
		}
		p.progress("messages, up to number", at.AfterID)
	}
}

// newMessages are what a row becomes.
func (p *Plan) newMessages(row Message) []NewMessage {
	m := p.find(row.ID)
	if m == nil || m.room < 0 {
		return nil
	}
	file := p.files[row.ID]
	parts, _ := p.texts(row, file.comes())
	list := make([]NewMessage, len(parts))
	for i, text := range parts {
		list[i] = NewMessage{
			RoomID: p.rooms[m.room].id, Seq: m.seq + int64(i), SenderID: p.people[m.sender].id, ClientID: p.clientID(row.ID, i),
			Text: text, CreatedAt: m.at,
		}
	}
	if file.comes() {
		list[0].FileUUID = p.fileUUID(row.ID)
	}
	return list
}

func (p *Plan) moveSeats(ctx context.Context, to Target, at *Import) error {
	for start := int(at.AfterID); start < len(p.rooms); start += seatsStep {
		end := min(start+seatsStep, len(p.rooms))
		list := make([]NewSeats, 0, seatsStep)
		for i := start; i < end; i++ {
			r := &p.rooms[i]
			list = append(list, NewSeats{RoomID: r.id, LastSeq: r.lastSeq, LastMessageAt: r.lastAt, JoinedAt: r.createdAt, Members: p.seats(int32(i))})
		}
		if err := to.Store.SeatLegacy(ctx, p.step(at, int64(end)), list); err != nil {
			return fmt.Errorf("store members: %w", err)
		}
		p.progress("conversations opened", int64(end))
	}
	return nil
}

func joinClose(err error, content Upload) error {
	if closing := content.Close(); err == nil {
		err = closing
	}
	return err
}

// roomIDs are the rooms that came, each once.
func (p *Plan) roomIDs() []int64 {
	ids := make([]int64, len(p.rooms))
	for i, r := range p.rooms {
		ids[i] = r.id
	}
	slices.Sort(ids)
	return ids
}
