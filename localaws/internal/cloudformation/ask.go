package cloudformation

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/handler"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// A service's provider makes a resource in one go and asks for what it does. The
// handler of CloudFormation needs more: it looks at what it has made, and asks for
// each property. What it calls, and for which property, package handler knows; the
// stack's role must be allowed each of these calls by its own policies, on the
// resource as it is.

// made makes a resource. One whose handler would be refused goes again, without
// asking whether the role may delete it: CloudFormation would leave it behind.
func (o *operation) made(r resource) (api.Resource, error) {
	made, err := o.provider(r.typ).Create(o.ctx, o.context(), r.logicalID, r.properties)
	if err != nil {
		return made, err
	}
	return made, o.settled(r, made)
}

// settled asks for what makes a resource that is there.
func (o *operation) settled(r resource, made api.Resource) error {
	r.made = made
	err := o.ask(r, r.properties, handler.Create, handler.Read)
	if err == nil {
		return nil
	}
	x := o.context()
	x.Call.Caller, x.Call.Session = iam.AccountRoot(x.Account), nil
	if undo := o.provider(r.typ).Delete(o.ctx, x, r.logicalID, made); undo != nil {
		o.logFailure(&r, "CREATE_FAILED", undo)
	}
	return err
}

// updated asks for an update in place before it is made, and for what makes a
// replacement once that is there.
func (o *operation) updated(r resource, before, after json.RawMessage) (api.Resource, error) {
	inPlace := !replaces(r.typ, before, after)
	r.properties = after
	if inPlace {
		if err := o.ask(r, before, handler.Update, handler.Read); err != nil {
			return api.Resource{}, err
		}
	}
	made, err := o.provider(r.typ).Update(o.ctx, o.context(), r.logicalID, r.made, before, after)
	if err != nil || made.PhysicalID == r.made.PhysicalID {
		return made, err
	}
	return made, o.settled(r, made)
}

// gone deletes a resource.
func (o *operation) gone(r *resource) error {
	if err := o.ask(*r, r.properties, handler.Delete); err != nil {
		return err
	}
	return o.provider(r.typ).Delete(o.ctx, o.context(), r.logicalID, r.made)
}

// ask asks for the calls of handlers on a resource, for the properties that it has
// or had before.
func (o *operation) ask(r resource, before json.RawMessage, operations ...handler.Operation) error {
	kind := handler.Of(r.typ)
	if kind == nil {
		return nil
	}
	x := o.context()
	var now, was any
	_ = json.Unmarshal(r.properties, &now) // the provider has read them
	_ = json.Unmarshal(before, &was)
	set := func(property string) bool {
		return property == "Tags" && len(x.Tags) > 0 || handler.Set(now, property) || handler.Set(was, property)
	}
	values := func(name string) ([]string, error) { return valuesOf(x, r.made, now, name), nil }
	for _, op := range operations {
		for _, call := range kind.Calls(op, set) {
			if call.Open != "" || ofItsService(r.typ, call.Action) {
				continue
			}
			if err := o.askOne(x, call, values); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofItsService tells whether a service asks by itself for what a resource has from
// another one: it reads the archive of a function, and uses a key.
func ofItsService(typ, action string) bool {
	return strings.HasPrefix(action, "kms:") && !strings.HasPrefix(typ, "AWS::KMS::") ||
		strings.HasPrefix(action, "s3:GetObject")
}

func (o *operation) askOne(x api.StackContext, call handler.Call, values func(string) ([]string, error)) error {
	keys := map[string]iam.Strings{}
	for _, c := range call.Conditions {
		filled, err := handler.Fill(c.Value, values)
		if err != nil {
			return invalid("%s of %s: %v", c.Key, call.Action, err)
		}
		if len(filled) > 0 {
			keys[c.Key] = filled[:1]
		}
	}
	for _, pattern := range call.On {
		arns, err := handler.Fill(pattern, values)
		if err != nil {
			return invalid("the resource of %s: %v", call.Action, err)
		}
		for _, arn := range arns {
			err := o.opt.Authorizer.Authorize(x.Call, api.Access{
				Action: call.Action, Resource: arn, ResourceAccount: cmp.Or(api.ARNAccount(arn), x.Account), Context: keys, Policy: leavesToIAM(x.Account),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// leavesToIAM stands for the policy of a resource: it leaves to IAM who of the account
// may do what, as that of a key or of another account's topic must. The real one
// decides when its service carries out what the provider asks for. Whether it must
// admit more than that no page says, and policies of keys that are known to be
// deployed name none of the reads.
func leavesToIAM(account string) *iam.Source {
	return &iam.Source{Name: "no policy of a resource", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{account}}, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"},
	}}}}
}

// valuesOf are what stands for a name of an ARN: see handler.Kind.
func valuesOf(x api.StackContext, made api.Resource, properties any, name string) []string {
	switch name {
	case "partition":
		return []string{partition.Of(x.Region).Name}
	case "region":
		return []string{x.Region}
	case "account":
		return []string{x.Account}
	case "name":
		for _, attribute := range []string{"Arn", "EventSourceMappingArn"} {
			if arn := made.Attributes[attribute]; arn != "" {
				return []string{strings.TrimSuffix(arn, ":*")} // of a log group
			}
		}
		return []string{made.PhysicalID}
	}
	texts := handler.Texts(properties, name)
	if name == "Path" && len(texts) == 0 {
		return []string{"/"}
	}
	return texts
}
