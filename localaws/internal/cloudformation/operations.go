package cloudformation

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
func (s *Service) operations() map[string]api.QueryOperation {
	of := func(f func(api.Call, query) (any, error)) api.QueryOperation {
		return func(c api.Call, form *api.Form) (any, error) { return f(c, query{form}) }
	}
	return map[string]api.QueryOperation{
		"ContinueUpdateRollback":      of(s.continueUpdateRollback),
		"CreateChangeSet":             of(s.createChangeSet),
		"CreateStack":                 of(s.createStack),
		"DeleteChangeSet":             of(s.deleteChangeSet),
		"DeleteStack":                 of(s.deleteStack),
		"DescribeChangeSet":           of(s.describeChangeSet),
		"DescribeEvents":              of(s.describeEvents),
		"DescribeStackEvents":         of(s.describeStackEvents),
		"DescribeStackResource":       of(s.describeStackResource),
		"DescribeStackResources":      of(s.describeStackResources),
		"DescribeStacks":              of(s.describeStacks),
		"ExecuteChangeSet":            of(s.executeChangeSet),
		"GetTemplate":                 of(s.getTemplate),
		"GetTemplateSummary":          of(s.getTemplateSummary),
		"ListChangeSets":              of(s.listChangeSets),
		"ListExports":                 of(s.listExports),
		"ListImports":                 of(s.listImports),
		"ListStackResources":          of(s.listStackResources),
		"ListStacks":                  of(s.listStacks),
		"RollbackStack":               of(s.rollbackStack),
		"UpdateStack":                 of(s.updateStack),
		"UpdateTerminationProtection": of(s.updateTerminationProtection),
		"ValidateTemplate":            of(s.validateTemplate),
	}
}
