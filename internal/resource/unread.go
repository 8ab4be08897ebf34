package resource

import "github.com/s3seal/s3seal/internal/template"

// Unread is something that could not be read, and may grant or limit more than
// is known.
type Unread struct {
	*template.Resource // where it is written; nil for what no stack makes
	Err                error
}

// OpenError is that AWS's documents don't say what a decision rests on.
type OpenError struct{ Question string }

func (e OpenError) Error() string { return "AWS's documents leave open " + e.Question }

// Why is the first reason of a list; nil for none.
func Why(list []Unread) error {
	if len(list) == 0 {
		return nil
	}
	return list[0].Err
}

// unread notes what is unread, and whom it concerns.
func (s *Set) unread(r *template.Resource, why error, concerned ...*[]Unread) {
	u := Unread{r, why}
	s.Unread = append(s.Unread, u)
	for _, list := range concerned {
		*list = append(*list, u)
	}
}

// noteUnread notes what is unread of a policy; false if that is even whether the
// policy is made.
func (s *Set) noteUnread(p *Policy, concerned *[]Unread) bool {
	if created, err := p.Created(); !created {
		s.unread(p.Resource, err, concerned)
		return false
	}
	for _, err := range p.Unread() {
		s.unread(p.Resource, err, concerned)
	}
	return true
}

// leaveOut notes that a resource is in none of the lists.
func (s *Set) leaveOut(r *template.Resource, why error) {
	s.unread(r, why)
	if name, err := r.Ref(); err == nil {
		switch r.Type {
		case "AWS::S3::Bucket", "AWS::SecretsManager::Secret":
			s.leftOut[name] = Unread{r, why}
		}
	}
	if arn, err := r.Att("Arn"); err == nil {
		s.leftOut[arn] = Unread{r, why}
	}
}

// LeftOut says why a resource that the stacks make, or may make, could not be
// read; nil for one that could, and for one that no stack makes. A bucket is
// given by its name, which is known without its ARN, and all else by ARN.
func (s *Set) LeftOut(id string) error { return s.leftOut[id].Err }
