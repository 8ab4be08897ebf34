package secretsmanager

import "github.com/s3seal/s3seal/localaws/internal/api"

type updateSecretVersionStageInput struct{ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId string }

type nameOutput struct{ ARN, Name string }

// updateSecretVersionStage moves a staging label. Who moves a label that is in
// use must name the version that it is on: so two rotations can't both win.
//
// Source: API reference, UpdateSecretVersionStage; the wording of the errors is
// that which LocalStack records for AWS.
func (s *Service) updateSecretVersionStage(c api.Call, in updateSecretVersionStageInput) (nameOutput, error) {
	keys := given("VersionStage", in.VersionStage)
	return s.change(c, "UpdateSecretVersionStage", in.SecretId, keys, func(x *secret) error {
		if err := x.moveStage(in); err != nil {
			return err
		}
		x.changed = s.opt.Now()
		x.removeDeprecated(x.changed)
		return nil
	})
}

func (x *secret) moveStage(in updateSecretVersionStageInput) error {
	label, to, from := in.VersionStage, in.MoveToVersionId, in.RemoveFromVersionId
	if label == "" || len(label) > 256 {
		return validation("1 validation error detected: Value at 'versionStage' failed to satisfy constraint: Member must have length between 1 and 256")
	}
	if to == "" && from == "" {
		return invalidParameter("You must provide MoveToVersionId, RemoveFromVersionId, or both.")
	}
	for _, id := range []string{to, from} {
		if id != "" && x.versions[id] == nil {
			return notFound("Secrets Manager can't find the specified secret version: %s.", id)
		}
	}
	on := x.labels[label]
	switch {
	case from != "" && on != from && to == "":
		return invalidParameter("Staging label %s is not attached to version %s.", label, from)
	case to == "" && label == current:
		return invalidParameter("You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.")
	case to == "":
		delete(x.labels, label)
		return nil
	case on == to:
		return nil
	case on != "" && from == "":
		return invalidParameter("The parameter RemoveFromVersionId can't be empty. Staging label %s is currently attached to version %s, so you must explicitly reference that version in RemoveFromVersionId.", label, on)
	case from != "" && on != from:
		return invalidParameter("When you move staging label %s, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label %s.", label, label)
	}
	if err := x.checkLabels([]string{label}); err != nil {
		return err
	}
	x.label(label, to)
	return nil
}
