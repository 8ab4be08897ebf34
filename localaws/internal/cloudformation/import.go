package cloudformation

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// resourceToImport is one member of ResourcesToImport.
type resourceToImport struct {
	logicalID, typ string
	identifier     map[string]string // property -> value
}

// importing is a resource that a plan takes into the stack.
type importing struct {
	value string       // of the type's identifier
	made  api.Resource // what it names
}

// maxImports is the quota of ResourcesToImport.
//
// Source: API reference, CreateChangeSet.
const maxImports = 200

// resourcesToImport reads ResourcesToImport.
func (q query) resourcesToImport() []resourceToImport {
	var list []resourceToImport
	for i, m := range q.members("ResourcesToImport", "LogicalResourceId", "ResourceType") {
		r := resourceToImport{m["LogicalResourceId"], m["ResourceType"], map[string]string{}}
		for n := 1; ; n++ {
			entry := q.structure("ResourcesToImport.member."+strconv.Itoa(i+1)+".ResourceIdentifier.entry."+strconv.Itoa(n), "key", "value")
			if len(entry) == 0 {
				break
			}
			r.identifier[entry["key"]] = entry["value"]
		}
		list = append(list, r)
	}
	return list
}

// typesOf is the value of the condition key cloudformation:ImportResourceTypes.
//
// Source: CloudFormation user guide, control-access-with-iam.
func typesOf(list []resourceToImport) []string {
	types := map[string]bool{}
	for _, r := range list {
		types[r.typ] = true
	}
	return slices.Sorted(maps.Keys(types))
}

// planImports checks what a change set is to import against the template and
// the stack, which is nil if it is new, before anything is looked up. Each
// resource of the template is in the stack or imported, an imported one has an
// explicit DeletionPolicy, and outputs stay as they were: those of resources
// that are only being imported come with the next update.
//
// Source: CloudFormation user guide, import-resources-manually. That outputs
// are refused it does not say; the sentence is CloudFormation's own.
func (s *Service) planImports(p *plan, st *stack, list []resourceToImport) error {
	var current state
	if st != nil {
		s.mu.Lock()
		current = st.state
		s.mu.Unlock()
	}
	if len(list) == 0 || len(list) > maxImports {
		return invalid("ResourcesToImport must name 1 to %d resources for a change set of type IMPORT, and names %d", maxImports, len(list))
	}
	p.imports = map[string]*importing{}
	var unprotected []string
	for _, r := range list {
		if _, live := p.dependencies[r.logicalID]; !live {
			return invalid("ResourcesToImport names %s, which is no resource of the template", r.logicalID)
		}
		d := p.next.template.Resources[r.logicalID]
		importer, can := s.providers[d.Type].(api.Importer)
		switch {
		case r.typ != d.Type:
			return invalid("ResourcesToImport says that %s is of type %s, and the template says %s", r.logicalID, r.typ, d.Type)
		case p.imports[r.logicalID] != nil:
			return invalid("ResourcesToImport names %s twice", r.logicalID)
		case current.resources[r.logicalID] != nil:
			return invalid("Resource %s already exists in stack %s; it cannot be imported again", r.logicalID, st.id)
		case !can:
			return invalid("the local AWS does not import resources of type %s (%s); it imports %s", d.Type, r.logicalID, strings.Join(slices.Sorted(maps.Keys(s.Imports())), ", "))
		}
		value := r.identifier[importer.Identifier()]
		if value == "" || len(r.identifier) != 1 {
			return invalid("ResourceIdentifier of %s must be %s and nothing else, not [%s]", r.logicalID, importer.Identifier(), strings.Join(slices.Sorted(maps.Keys(r.identifier)), ", "))
		}
		if d.DeletionPolicy == "" {
			unprotected = append(unprotected, r.logicalID)
		}
		p.imports[r.logicalID] = &importing{value: value}
	}
	if len(unprotected) > 0 {
		return invalid("The following resources to import [%s] must have DeletionPolicy attribute specified in the template.", strings.Join(unprotected, ", "))
	}
	var missing []string
	for _, id := range p.order {
		if current.resources[id] == nil && p.imports[id] == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		return invalid("Resources [%s] is missing from ResourceToImport list", strings.Join(missing, ", "))
	}
	if outputs := current.template.declaredOutputs(); len(outputs)+len(p.next.template.Outputs) > 0 && !reflect.DeepEqual(outputs, p.next.template.Outputs) {
		return invalid("As part of the import operation, you cannot modify or add [Outputs]")
	}
	return nil
}

// declaredOutputs are the outputs of a template; of none, nil.
func (t *template) declaredOutputs() map[string]*cfn.Output {
	if t == nil {
		return nil
	}
	return t.Outputs
}

// predictImport finds what the plan imports and says what the change set does:
// it imports these resources and changes nothing else.
func (s *Service) predictImport(p *plan, st *stack, call api.Call) ([]change, error) {
	for _, id := range p.order {
		if p.imports[id] == nil {
			continue
		}
		made, err := s.findImport(p, st, call, id)
		if err != nil {
			return nil, err
		}
		p.imports[id].made = made
	}
	changes, _, err := s.predict(p, st, call)
	if err != nil {
		return nil, err
	}
	var others []string
	for i := range changes {
		c := &changes[i]
		in := p.imports[c.logicalID]
		if in == nil {
			others = append(others, c.logicalID)
			continue
		}
		if err := s.contradicts(c.logicalID, c.typ, in.value, []byte(c.afterContext)); err != nil {
			return nil, err
		}
		c.action, c.physical = "Import", in.made.PhysicalID
	}
	if len(others) > 0 {
		return nil, invalid("You have modified resources [%s] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.", strings.Join(others, ", "))
	}
	return changes, nil
}

// findImport finds one resource of a plan, and refuses it if a stack has it.
func (s *Service) findImport(p *plan, st *stack, call api.Call, id string) (api.Resource, error) {
	typ, value := p.next.template.Resources[id].Type, p.imports[id].value
	importer := s.providers[typ].(api.Importer)
	made, err := importer.Find(stackContext(st, call, p.next.tags), value)
	if err != nil {
		return made, invalid("%s (%s with the %s %s) cannot be imported: %s", id, typ, importer.Identifier(), value, reason(err))
	}
	for other, in := range p.imports {
		if other != id && p.next.template.Resources[other].Type == typ && in.value == value {
			return made, invalid("%s and %s are the same %s, %s", min(id, other), max(id, other), typ, value)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if owner, as := s.owner(st.account, st.region, typ, made.PhysicalID, st, id); owner != nil {
		return made, invalid("%s (%s with the %s %s) cannot be imported: it already exists in stack %s, as %s", id, typ, importer.Identifier(), value, owner.id, as)
	}
	return made, nil
}

// owner is the stack of the account and Region that has a resource, and the
// logical id there; the resource id of st itself does not count. Types without
// a Region are looked for in this one alone, as CloudFormation does.
// Service.mu must be held.
func (s *Service) owner(account, region, typ, physical string, st *stack, id string) (*stack, string) {
	for _, other := range s.stacks {
		if other.account != account || other.region != region {
			continue
		}
		for _, as := range slices.Sorted(maps.Keys(other.resources)) {
			r := other.resources[as]
			if r.typ == typ && r.made.PhysicalID == physical && !(other == st && as == id) {
				return other, as
			}
		}
	}
	return nil, ""
}

// contradicts refuses an import whose template gives the identifier another
// value: the next update would replace the resource. What CloudFormation does
// then it does not document.
func (s *Service) contradicts(id, typ, value string, context []byte) error {
	name := s.providers[typ].(api.Importer).Identifier()
	var c struct{ Properties map[string]json.RawMessage }
	_ = json.Unmarshal(context, &c) // contextOf has written it
	given, ok := c.Properties[name]
	if want, _ := json.Marshal(value); ok && !bytes.Equal(given, want) {
		return invalid("%s is to be imported with the %s %s, and the template says %s", id, name, value, text(given))
	}
	return nil
}

// Imports are the types of resources that a change set can import, each with
// the property that identifies a resource.
func (s *Service) Imports() map[string]string {
	types := map[string]string{}
	for t, p := range s.providers {
		if i, ok := p.(api.Importer); ok {
			types[t] = i.Identifier()
		}
	}
	return types
}
