package localaws

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/cloudformation"
)

// Operations are the names of the operations that are carried out, by the
// service's signing name. Every other one is refused by name.
func (s *Server) Operations() map[string][]string {
	all := map[string][]string{}
	for name, service := range s.services.byName {
		all[name] = service.Operations()
	}
	return all
}

// ResourceTypes are the CloudFormation types that a stack may have: those that
// are carried out, and those that are only recorded.
func (s *Server) ResourceTypes() (carriedOut, recorded []string) {
	recorded = cloudformation.Recorded()
	for _, t := range s.services.cloudformation.Types() {
		if !slices.Contains(recorded, t) {
			carriedOut = append(carriedOut, t)
		}
	}
	return carriedOut, recorded
}

// Imports are the CloudFormation types whose existing resources a stack can
// import, each with the property that identifies a resource.
func (s *Server) Imports() map[string]string {
	return s.services.cloudformation.Imports()
}
