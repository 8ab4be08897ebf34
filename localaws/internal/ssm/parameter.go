package ssm

import (
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type shape struct {
	Name, Type, Value, ARN, DataType string
	Version                          int64
	LastModifiedDate                 float64
}

func (p *parameter) shape(arn string) shape {
	return shape{
		Name: p.name, Type: p.typ, Value: p.value, ARN: arn, DataType: "text",
		Version: p.version, LastModifiedDate: api.EpochSeconds(p.modified),
	}
}

type getInput struct {
	Name           string
	WithDecryption bool // matters for SecureString only
}

type getOutput struct{ Parameter shape }

func (s *Service) getParameter(c api.Call, in getInput) (out getOutput, err error) {
	err = s.onParameter(c, "GetParameter", in.Name, func(p *parameter, arn string) { out.Parameter = p.shape(arn) })
	return out, err
}

// onParameter asks for an action on a parameter and runs f on it under the lock.
func (s *Service) onParameter(c api.Call, action, name string, f func(p *parameter, arn string)) error {
	arn, err := s.authorize(c, action, name, nil)
	if err == nil {
		err = checkSelector(c, name)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.parameters[arn]
	if p == nil {
		return notFound(name)
	}
	f(p, arn)
	return nil
}

type getManyInput struct {
	Names          []string
	WithDecryption bool
}

type getManyOutput struct {
	Parameters        []shape
	InvalidParameters []string
}

// getParameters fails as a whole if one of the names may not be read.
func (s *Service) getParameters(c api.Call, in getManyInput) (getManyOutput, error) {
	if len(in.Names) == 0 || len(in.Names) > 10 {
		return getManyOutput{}, invalid("Names: want 1 to 10 names, have %d", len(in.Names))
	}
	out := getManyOutput{Parameters: []shape{}, InvalidParameters: []string{}}
	for _, name := range in.Names {
		arn, err := s.authorize(c, "GetParameters", name, nil)
		if err == nil {
			err = checkSelector(c, name)
		}
		if err != nil {
			return getManyOutput{}, err
		}
		s.mu.Lock()
		if p := s.parameters[arn]; p != nil {
			out.Parameters = append(out.Parameters, p.shape(arn))
		} else {
			out.InvalidParameters = append(out.InvalidParameters, name)
		}
		s.mu.Unlock()
	}
	return out, nil
}

type putInput struct {
	Name, Value, Type, Description, Tier, DataType string
	Overwrite                                      bool
	Tags                                           []api.Tag
}

type putOutput struct {
	Version int64
	Tier    string
}

// check refuses what is not kept here, by name.
func (in putInput) check() error {
	switch {
	case in.Tier != "" && in.Tier != "Standard":
		return invalid("the local AWS has no parameters of tier %q; use Standard", in.Tier)
	case in.DataType != "" && in.DataType != "text":
		return invalid("the local AWS has no parameters of data type %q; use text", in.DataType)
	case in.Overwrite && len(in.Tags) > 0:
		return invalid("Invalid request: tags and overwrite can't be used together.")
	}
	return nil
}

func (s *Service) putParameter(c api.Call, in putInput) (putOutput, error) {
	if err := in.check(); err != nil {
		return putOutput{}, err
	}
	tags := api.TagMap(in.Tags)
	arn, err := s.authorize(c, "PutParameter", in.Name, api.TagKeys(tags))
	if err != nil {
		return putOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.parameters[arn]
	if old != nil && !in.Overwrite {
		return putOutput{}, api.Errorf(http.StatusBadRequest, "ParameterAlreadyExists",
			"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	}
	p := &parameter{name: in.Name, typ: in.Type, value: in.Value, description: in.Description, version: 1, modified: c.Time, tags: tags}
	if old != nil {
		p.version, p.tags = old.version+1, old.tags
		if in.Type == "" {
			p.typ = old.typ
		}
	}
	if err := check(p.name, p.typ, p.value); err != nil {
		return putOutput{}, err
	}
	s.parameters[arn] = p
	return putOutput{Version: p.version, Tier: "Standard"}, nil
}

type deleteInput struct{ Name string }

func (s *Service) deleteParameter(c api.Call, in deleteInput) (struct{}, error) {
	return struct{}{}, s.onParameter(c, "DeleteParameter", in.Name, func(_ *parameter, arn string) { delete(s.parameters, arn) })
}
