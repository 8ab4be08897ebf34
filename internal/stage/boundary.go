package stage

import "strings"

// BoundaryARN returns the ARN of the permissions boundary of the roles that the
// stage makes in an environment, or "" for none.
func (s *Stage) BoundaryARN(e Environment) string {
	if s.PermissionsBoundary == "" || strings.HasPrefix(s.PermissionsBoundary, "arn:") {
		return s.PermissionsBoundary
	}
	return "arn:" + e.Partition() + ":iam::" + e.Account + ":policy/" + s.PermissionsBoundary
}

// checkBoundary checks that every environment of the stage can have the boundary.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func (d *document) checkBoundary(s *Stage) {
	at := fieldPath(s, "permissionsBoundary")
	if !d.has(at) || d.failed(at) {
		return
	}
	const named = "write the policy's name, which means each account's own, with its path if it has one, such as developers/boundary"
	if strings.HasPrefix(s.PermissionsBoundary, "arn:") {
		m := managedPolicy.FindStringSubmatch(s.PermissionsBoundary)
		if m == nil {
			d.report(at, "%s isn't the ARN of a managed policy: %s", quote(s.PermissionsBoundary), named)
			return
		}
		for _, e := range s.environments() {
			switch {
			case d.environmentFailed(s, e):
			case m[1] != e.Partition():
				d.report(at, "the policy is of the partition %s, and %s of %s: %s", m[1], e.Region, e.Partition(), named)
			case m[2] != "aws" && m[2] != e.Account:
				d.report(at, "the policy is of account %s, and no boundary of a role in %s: %s", m[2], e.Account, named)
			}
		}
		return
	}
	name := s.PermissionsBoundary[strings.LastIndexByte(s.PermissionsBoundary, '/')+1:]
	switch {
	case !iamName.MatchString(s.PermissionsBoundary):
		d.report(at, "permissionsBoundary %s: %s", quote(s.PermissionsBoundary), named)
	case len(name) > 128:
		d.report(at, "permissionsBoundary has a name of %d characters: write at most 128", len(name))
	case len(s.PermissionsBoundary)-len(name) > 511: // the path's first slash isn't written
		d.report(at, "permissionsBoundary has a path of %d characters: write at most 512", len(s.PermissionsBoundary)-len(name)+1)
	}
}
