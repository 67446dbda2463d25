package legacy

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file decides what becomes of people.

func (p *Plan) readPeople(ctx context.Context) error {
	read := int64(0)
	err := p.source.People(ctx, func(row Person) error {
		read++
		p.stamp(id(row.ID), row.UUID, row.Name, row.EmployeeID, row.BirthDate, row.Position, row.Grade, row.Department, row.Email,
			row.Username, row.PasswordHash, fmt.Sprint(row.Approved, row.Admin, row.Rejected), row.CreatedAt)
		p.addPerson(row)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the original's people: %w", err)
	}
	p.whole(tableUsers, read)
	p.Report.table(tableUsers).Comes = read
	return nil
}

// addPerson takes over a row; its names are made unique later, when it is known who is here.
func (p *Plan) addPerson(row Person) {
	c := &fields{report: p.Report, table: tableUsers, row: row.ID, name: row.Username}
	u := model.User{
		Name: c.line(row.Name, wire.MaxNameRunes), Username: c.line(row.Username, wire.MaxNameRunes),
		EmployeeID: c.line(row.EmployeeID, wire.MaxNameRunes), Email: c.line(row.Email, wire.MaxFieldRunes),
		Position: c.line(row.Position, wire.MaxFieldRunes), Grade: c.line(row.Grade, wire.MaxFieldRunes),
		Department: c.line(row.Department, wire.MaxNameRunes), BirthDate: strings.TrimSpace(row.BirthDate), Role: wire.RoleUser,
	}
	if u.Name == "" {
		u.Name = u.Username
	}
	if u.BirthDate, _, _ = strings.Cut(u.BirthDate, " "); u.BirthDate != "" && !model.IsDate(u.BirthDate) {
		c.note(KindBirthDate, "")
		u.BirthDate = ""
	}
	var d doubt
	if u.CreatedAt, d = p.calendar.read(row.CreatedAt); d == noTime || d == future {
		u.CreatedAt = p.o.Now.UnixMilli()
	}
	u.UpdatedAt = u.CreatedAt
	var kept bool
	if u.UUID, kept = usableUUID(row.UUID, "person"); !kept {
		u.UUID, _ = usableUUID("row "+id(row.ID), "person")
		c.note(KindUUID, "")
	}
	if _, taken := p.byUUID[strings.ToLower(row.UUID)]; taken && row.UUID != "" {
		u.UUID, _ = usableUUID("row "+id(row.ID), "person")
		c.note(KindUUID, "")
	}
	one := person{user: u, sourceID: row.ID, rejected: row.Rejected}
	p.letIn(&one, row, c)
	if raw, err := hex.DecodeString(row.PasswordHash); err == nil && len(raw) == 32 {
		one.oldHash = strings.ToLower(row.PasswordHash)
	} else {
		c.note(KindNoPassword, "")
	}
	p.people = append(p.people, one)
	i := int32(len(p.people) - 1)
	p.bySource[row.ID] = i
	if key := strings.ToLower(row.UUID); key != "" {
		if _, taken := p.byUUID[key]; !taken {
			p.byUUID[key] = i
		}
	}
}

// letIn decides about state and role. What becomes of who was rejected is known when all conversations were read.
func (p *Plan) letIn(one *person, row Person, c *fields) {
	u := &one.user
	switch {
	case row.Rejected:
		u.State = wire.UserRejected
	case row.Approved:
		u.State, u.DecidedAt = wire.UserActive, u.CreatedAt
	default:
		u.State = wire.UserPending
	}
	if row.Admin {
		if u.State == wire.UserActive {
			u.Role = wire.RoleAdmin
		} else {
			c.note(KindAdminDropped, "")
		}
	}
}

// settleRejected disables those who were rejected after they had taken part.
func (p *Plan) settleRejected() {
	for i := range p.people {
		one := &p.people[i]
		if one.rejected && one.involved {
			one.user.State = wire.UserDisabled
			p.Report.note(Problem{Table: tableUsers, Row: one.sourceID, Name: one.user.Username, Kind: KindRejectedMember})
		}
	}
}

// fields takes over the short texts of one row.
type fields struct {
	report *Report
	table  string
	row    int64
	name   string
}

func (c *fields) note(kind Kind, note string) {
	c.report.note(Problem{Table: c.table, Row: c.row, Name: c.name, Kind: kind, Note: note})
}

func (c *fields) line(s string, limit int) string {
	out, done := line(s, limit)
	if done != 0 {
		c.note(KindField, out)
	}
	return out
}

// names are those that are taken here, or by somebody who comes.
type names struct {
	username, employee, email map[string]*Account
}

func namesOf(accounts []Account) names {
	n := names{map[string]*Account{}, map[string]*Account{}, map[string]*Account{}}
	for i := range accounts {
		a := &accounts[i]
		for key, into := range map[string]map[string]*Account{a.UsernameKey: n.username, a.EmployeeKey: n.employee, a.EmailKey: n.email} {
			if key != "" {
				into[key] = a
			}
		}
	}
	return n
}

var (
	textOther = errs.Text{
		KO: "다른 상태의 기존 Hi_Msg를 가져오다가 중단된 적이 있습니다. 그때와 같은 데이터베이스, 폴더, 옵션으로 실행하거나 빈 서버에서 새로 시작하세요.",
		EN: "An import of the original in another state was broken off here. Run it with the same database, folder and options, or begin in an empty server.",
	}
	textTwice = errs.Text{
		KO: "이 서버에는 같은 사람들의 기존 Hi_Msg를 이미 가져왔습니다. 두 번 가져오면 대화가 두 벌이 됩니다.",
		EN: "An original with the same people was imported here already. Once more would double their conversations.",
	}
)

// compare looks who is here already and gives names to those who come.
func (p *Plan) compare(ctx context.Context, store Store) error {
	found, err := store.LegacyImport(ctx, p.Fingerprint)
	if err != nil {
		return fmt.Errorf("look for an import: %w", err)
	}
	accounts, err := store.LegacyAccounts(ctx)
	if err != nil {
		return fmt.Errorf("read the accounts of this server: %w", err)
	}
	here := make(map[string]bool, len(accounts))
	for _, a := range accounts {
		here[a.UUID] = true
	}
	same := found.Fingerprint == p.Fingerprint
	if !same && found.State == Copying {
		return errs.E(wire.Conflict, "", textOther)
	}
	ours := map[string]bool{}
	for _, one := range p.people {
		ours[one.user.UUID] = true
		if !same && here[one.user.UUID] {
			return errs.E(wire.Conflict, "", textTwice)
		}
	}
	var others []Account
	for _, a := range accounts {
		if !ours[a.UUID] {
			others = append(others, a)
		}
	}
	p.Report.Resumed, p.Report.Before = same && found.State == Copying, same && found.State == Done
	p.giveNames(namesOf(others))
	p.chooseOwner()
	return nil
}

func (p *Plan) giveNames(here names) {
	given := namesOf(nil)
	for i := range p.people {
		one := &p.people[i]
		if one.ghost {
			continue
		}
		c := &fields{report: p.Report, table: tableUsers, row: one.sourceID, name: one.user.Username}
		if p.meets(one, here, c) {
			continue
		}
		self := &Account{}
		one.user.Username = p.freeUsername(one, here, given, c)
		given.username[model.Key(one.user.Username)] = self
		if key := model.Key(one.user.EmployeeID); key == "" || given.employee[key] != nil {
			c.note(KindNoEmployeeID, one.user.EmployeeID)
			one.user.EmployeeID = ""
		} else {
			given.employee[key] = self
		}
		if key := model.Key(one.user.Email); key == "" || given.email[key] != nil || !model.IsEmail(one.user.Email) {
			c.note(KindNoEmail, one.user.Email)
			one.user.Email = ""
		} else {
			given.email[key] = self
		}
	}
}

// meets reports whether somebody has an account here; whoever only shares a name with one stops the import.
func (p *Plan) meets(one *person, here names, c *fields) bool {
	u := one.user
	byName, byNumber := here.username[model.Key(u.Username)], here.employee[model.Key(u.EmployeeID)]
	byMail := here.email[model.Key(u.Email)]
	switch {
	case byName == nil && byNumber == nil && byMail == nil:
		return false
	case p.o.Link && byName != nil && byName == byNumber && (byMail == nil || byMail == byName):
		one.linked, one.id = byName.ID, byName.ID
		c.note(KindLinked, "")
	case p.o.Link:
		c.note(KindOtherPerson, "")
	default:
		c.note(KindTaken, "")
	}
	return true
}

// freeUsername is the person's user name if it can be one here and nobody has it, or one like it.
func (p *Plan) freeUsername(one *person, here, given names, c *fields) string {
	said := one.user.Username
	base := strings.Map(func(r rune) rune {
		if model.IsUsername("a" + string(r)) {
			return r
		}
		return '_'
	}, said)
	if !model.IsUsername(base) {
		base = "user" + id(one.sourceID)
	}
	name := base
	for n := 2; ; n++ {
		key := model.Key(name)
		if here.username[key] == nil && given.username[key] == nil {
			break
		}
		name = firstRunes(base, wire.MaxNameRunes-8) + "-" + fmt.Sprint(n)
	}
	if name != said {
		c.note(KindRenamed, name)
	}
	return name
}

// chooseOwner makes the person that the options name an owner.
func (p *Plan) chooseOwner() {
	if p.o.Owner == "" {
		return
	}
	for i := range p.people {
		one := &p.people[i]
		if !one.ghost && one.linked == 0 && one.user.State == wire.UserActive && model.Key(one.user.Username) == model.Key(p.o.Owner) {
			one.user.Role = wire.RoleOwner
			return
		}
	}
	p.Report.note(Problem{Table: tableUsers, Name: p.o.Owner, Kind: KindOwnerMissing})
}
