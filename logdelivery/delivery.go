package logdelivery

import "strings"

// Delivery is one source's log of one account and Region, as far as a bucket's
// and a key's policy have to know it. Account, Region and ARNs may be CDK tokens
// where they only go into policies; Destination.Check compares them.
type Delivery struct {
	Source    Source
	Partition string // "aws"
	Account   string // 12 digits, of what is logged

	// Region is that of what is logged. For CloudFrontV2 it is us-east-1,
	// where CloudFront's delivery sources are.
	Region string

	// SourceARNs are what the service sends as aws:SourceArn: buckets, load
	// balancers, the trail, the dashboard; for what CloudWatch Logs delivers,
	// delivery sources. Default: all of the account and Region, except for
	// sources with Traits.NamesSource, which have no default.
	SourceARNs []string

	// Prefix is the folder that the logs are sent to, without a slash at its
	// ends. Default: none.
	Prefix string
}

// ARNs are the patterns of aws:SourceArn that the delivery comes with; nil for
// a source that must be named and isn't.
func (d Delivery) ARNs() []string {
	t, _ := Of(d.Source)
	if len(d.SourceARNs) > 0 || t.NamesSource || t.ARN == "" {
		return d.SourceARNs
	}
	return []string{d.ARN("*")}
}

// ARN is what the service sends as aws:SourceArn for the bucket, load balancer,
// trail, dashboard or delivery source of a name; "" for a source without.
func (d Delivery) ARN(name string) string {
	t, _ := Of(d.Source)
	if t.ARN == "" {
		return ""
	}
	return "arn:" + d.Partition + ":" + d.fill(t.ARN, name, "")
}

// Keys are the patterns of the object keys that the delivery writes. They hold
// the account of what is logged wherever the service writes it there, so that one
// account's logs are never among another's. The second, if there is one, is
// that of Hive-compatible paths.
func (d Delivery) Keys() []string {
	t, _ := Of(d.Source)
	if d.Prefix != "" && t.PrefixIsFolder {
		return []string{d.Prefix + "/*"}
	}
	keys := []string{d.below(t.Folder) + "*"}
	if t.HiveFolder != "" {
		keys = append(keys, d.below(t.HiveFolder)+"*")
	}
	return keys
}

// Object is the key of an object that has to arrive for what is called name.
// Of several settings of that, id is the one's id. partitioned says that the
// paths are partitioned, where the source has such an option.
func (d Delivery) Object(name, id string, partitioned bool) string {
	t, _ := Of(d.Source)
	keys := d.Keys()
	key, object := keys[0], t.FirstObject
	if partitioned {
		key, object = keys[len(keys)-1], t.PartitionedObject
	}
	return strings.TrimSuffix(key, "*") + d.fill(object, name, id)
}

// below is what a folder of a family is for this delivery.
func (d Delivery) below(folder string) string {
	if d.Prefix != "" {
		folder = d.Prefix + "/" + folder
	}
	return d.fill(folder, "", "")
}

// fill puts values for the fields of a trait.
func (d Delivery) fill(trait, name, id string) string {
	return strings.NewReplacer("{account}", d.Account, "{region}", d.Region, "{name}", name, "{id}", id).Replace(trait)
}
