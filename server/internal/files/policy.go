package files

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const maxRetentionDays = 36_500

// limitsHold is how long what clients are told of the policy may be old: all of them ask when they come back at once. The
// policy itself is read for each upload.
const limitsHold = 5 * time.Second

// limits is what the policy said a moment ago.
type limits struct {
	mu     sync.Mutex
	policy wire.FilePolicy
	at     time.Time
}

// Limits tells clients what the policy allows.
func (s *Service) Limits(ctx context.Context) (maxBytes int64, types []string, err error) {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	now := s.o.Clock()
	if age := now.Sub(s.limits.at); s.limits.at.IsZero() || age < 0 || age > limitsHold {
		p, err := s.o.Store.FilePolicy(ctx)
		if err != nil {
			return 0, nil, fmt.Errorf("read the policy: %w", err)
		}
		s.limits.policy, s.limits.at = p, now
	}
	return s.limits.policy.MaxBytes, s.limits.policy.Types, nil
}

// forget makes the next Limits read the policy.
func (l *limits) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = time.Time{}
}

// Policy returns the policy and how much is used. wire.Forbidden for who is no administrator.
func (s *Service) Policy(ctx context.Context, actor model.Actor) (wire.FilePolicyReply, error) {
	if !actor.IsAdmin() {
		return wire.FilePolicyReply{}, errs.E(wire.Forbidden, "", textAdminsOnly)
	}
	p, err := s.o.Store.FilePolicy(ctx)
	if err != nil {
		return wire.FilePolicyReply{}, fmt.Errorf("read the policy: %w", err)
	}
	return s.policyReply(ctx, p)
}

func (s *Service) policyReply(ctx context.Context, p wire.FilePolicy) (wire.FilePolicyReply, error) {
	used, count, err := s.o.Store.FileUsage(ctx)
	if err != nil {
		return wire.FilePolicyReply{}, fmt.Errorf("read the usage: %w", err)
	}
	return wire.FilePolicyReply{
		FilePolicy: p, KnownTypes: KnownTypes(), UsedBytes: used, FileCount: count, Scanner: s.ScannerState(ctx),
	}, nil
}

// ScannerState says how the malware scanner is: off, ok or down.
func (s *Service) ScannerState(ctx context.Context) string {
	switch {
	case s.o.Scanner == nil:
		return "off"
	case s.o.Scanner.Ping(ctx) != nil:
		return "down"
	}
	return "ok"
}

// SetPolicy replaces the policy. wire.Forbidden for who is no administrator, wire.BadRequest for a value beyond its bounds,
// wire.Conflict if it was changed since p.Rev.
func (s *Service) SetPolicy(ctx context.Context, actor model.Actor, p wire.FilePolicy) (wire.FilePolicyReply, error) {
	if !actor.IsAdmin() {
		return wire.FilePolicyReply{}, errs.E(wire.Forbidden, "", textAdminsOnly)
	}
	p, err := checkPolicy(p)
	if err != nil {
		return wire.FilePolicyReply{}, err
	}
	p, err = s.o.Store.SetFilePolicy(ctx, actor, p, s.now())
	if err != nil {
		return wire.FilePolicyReply{}, fmt.Errorf("store the policy: %w", err)
	}
	s.limits.forget()
	s.Wake() // a shorter retention
	return s.policyReply(ctx, p)
}

var (
	textBounds  = errs.Text{KO: "허용 범위를 벗어난 값입니다.", EN: "This value is beyond its bounds."}
	textNoKind  = errs.Text{KO: "서버가 확인할 수 없는 파일 형식이 있습니다.", EN: "There is a type that the server can't check."}
	textNoTypes = errs.Text{KO: "파일 형식을 하나 이상 선택해주세요.", EN: "Choose at least one type."}
)

func checkPolicy(p wire.FilePolicy) (wire.FilePolicy, error) {
	switch {
	case p.MaxBytes < 1 || p.MaxBytes > wire.MaxPolicyFileBytes:
		return p, errs.BadField("max_bytes", textBounds)
	case p.PersonQuota < 0:
		return p, errs.BadField("person_quota", textBounds)
	case p.TotalQuota < 0:
		return p, errs.BadField("total_quota", textBounds)
	case p.RetentionDays < 0 || p.RetentionDays > maxRetentionDays:
		return p, errs.BadField("retention_days", textBounds)
	case p.Unscanned != wire.UnscannedRefuse && p.Unscanned != wire.UnscannedAllow:
		return p, errs.BadField("unscanned", textBounds)
	case len(p.Types) == 0:
		return p, errs.BadField("types", textNoTypes)
	}
	switch p.EncryptedArchives {
	case wire.EncryptedAllow, wire.EncryptedRefuse:
	case "":
		p.EncryptedArchives = wire.EncryptedAllow // a client of before there was a choice
	default:
		return p, errs.BadField("encrypted_archives", textBounds)
	}
	types, err := checkTypes(p.Types)
	p.Types = types
	return p, err
}

// checkTypes makes the extensions lower case, each once.
func checkTypes(said []string) ([]string, error) {
	known := KnownTypes()
	types := make([]string, 0, len(said))
	for _, t := range said {
		t = strings.ToLower(t)
		if !slices.Contains(known, t) {
			return nil, errs.BadField("types", textNoKind)
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types, nil
}
