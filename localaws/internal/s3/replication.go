package s3

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// setReplication checks a configuration against the buckets and the caller's
// right to pass the role, and puts it; nil removes it.
func (s *Service) setReplication(c api.Call, b *bucket, in *configuration.Replication) error {
	if in == nil {
		return b.change(func(c *configuration.Bucket) error { c.Replication = nil; return nil })
	}
	if err := in.Check(); err != nil {
		return err
	}
	if api.ARNAccount(in.Role) != b.account {
		return fault.InvalidArgument("The role must belong to the account of the source bucket", "Role", in.Role)
	}
	err := s.opt.Authorizer.Authorize(c, api.Access{
		Action: "iam:PassRole", Resource: in.Role, ResourceAccount: b.account,
		Context: map[string]iam.Strings{"iam:PassedToService": {"s3.amazonaws.com"}},
	})
	if err != nil {
		return err
	}
	for i := range in.Rules {
		d, err := s.find(in.Rules[i].DestinationBucket())
		switch {
		case err != nil:
			return fault.InvalidRequest("Destination bucket must exist.")
		case d == b:
			return fault.InvalidRequest("Destination bucket cannot be the same as the source bucket.")
		case d.settings().Versioning != configuration.Enabled:
			return fault.InvalidRequest("Destination bucket must have versioning enabled.")
		case in.Rules[i].Destination.Account != "" && in.Rules[i].Destination.Account != d.account:
			return fault.InvalidRequest("Destination Account does not own the destination bucket.")
		}
	}
	return b.change(func(cfg *configuration.Bucket) error {
		if cfg.Versioning != configuration.Enabled {
			return fault.InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
		}
		cfg.Replication = in
		return nil
	})
}
