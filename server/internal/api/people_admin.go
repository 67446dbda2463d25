package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// maxBulkBody is enough for wire.MaxBulk UUIDs.
const maxBulkBody = 64 << 10

// accountRoutes are those that change what a person may do.
func (a *API) accountRoutes(doc huma.API) {
	signedIn(a, doc, op("PUT "+adminUser+"/role", "Give a person another role (owners)"), a.setUserRole)
	signedIn(a, doc, op("PUT "+adminUser+"/disable", "Keep a person out (administrators)"), a.disableUser)
	signedIn(a, doc, op("PUT "+adminUser+"/enable", "Let a disabled person in again (administrators)"), a.enableUser)
	signedIn(a, doc, op("POST /api/admin/users/bulk", "Disable, enable or change the role of many (administrators)").
		upTo(maxBulkBody), a.bulk)
}

type userRoleInput struct {
	UserUUID string `path:"user_uuid"`
	Body     wire.RoleRequest
}

func (a *API) setUserRole(ctx context.Context, actor model.Actor, in *userRoleInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.SetRole(ctx, actor, in.UserUUID, in.Body.Role, in.Body.Reason); err != nil {
		return nil, err
	}
	return said(ctx, "역할을 변경했습니다.", "The role was changed."), nil
}

func (a *API) disableUser(ctx context.Context, actor model.Actor, in *reasonedInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.Disable(ctx, actor, in.UserUUID, in.reason()); err != nil {
		return nil, err
	}
	return said(ctx, "사용을 중지했습니다.", "The account is disabled."), nil
}

func (a *API) enableUser(ctx context.Context, actor model.Actor, in *reasonedInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.Enable(ctx, actor, in.UserUUID, in.reason()); err != nil {
		return nil, err
	}
	return said(ctx, "다시 사용할 수 있습니다.", "The account is enabled."), nil
}

func (in *reasonedInput) reason() string {
	if in.Body == nil {
		return ""
	}
	return in.Body.Reason
}

func (a *API) bulk(ctx context.Context, actor model.Actor, in *struct{ Body wire.BulkRequest }) (*output[wire.BulkReply], error) {
	fates, err := a.o.Admin.Bulk(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	reply := wire.BulkReply{Results: make([]wire.BulkFate, len(fates))}
	for i, f := range fates {
		reply.Results[i] = wire.BulkFate{UserUUID: f.UserUUID, Changed: f.Changed}
		if f.Changed {
			reply.Changed++
		}
		if f.Refusal != nil {
			reply.Results[i].Refused = errs.As(f.Refusal).Wire(recordOf(ctx).lang, "")
		}
	}
	return answer(reply), nil
}
