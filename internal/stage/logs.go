package stage

// Logs says what S3 records about the stage's buckets.
type Logs struct {
	// ServerAccess delivers server access logs of every bucket to the bucket
	// "{prefix}-logs-{account}-{region}-an" (in the global namespace without
	// "-an"), each under its bucket's name. Default: true.
	ServerAccess *bool `yaml:"serverAccess,omitempty"`

	// Inventory delivers S3 Inventory lists of every bucket's objects, with
	// each version's encryption and Bucket Key status, to the bucket
	// "{prefix}-inventory-{account}-{region}-an" (in the global namespace
	// without "-an"), under a customer managed key. Log buckets have no inventory.
	// Default: true.
	Inventory *bool `yaml:"inventory,omitempty"`

	// InventoryFrequency is "weekly" (default) or "daily". S3 charges for
	// each listed object.
	InventoryFrequency string `yaml:"inventoryFrequency,omitempty" jsonschema:"enum=weekly,enum=daily"`

	// RetentionDays is when logs and inventory lists expire, 1-36500. What has
	// expired, or somebody has deleted, can be restored for 30 days more.
	// Default: 365.
	RetentionDays int `yaml:"retentionDays,omitempty" jsonschema:"minimum=1,maximum=36500"`
}

// LogBucket returns the name of the bucket for the server access logs of an
// environment, one of the stage's.
func (s *Stage) LogBucket(e Environment) string { return s.bucketName("logs", e) }

// InventoryBucket returns the name of the bucket for the S3 Inventory lists of
// an environment, one of the stage's.
func (s *Stage) InventoryBucket(e Environment) string { return s.bucketName("inventory", e) }

// bucketName is a bucket's default name in AWS.
func (s *Stage) bucketName(kind string, e Environment) string {
	return s.expand(defaultName(kind, s.Namespace(e)), e)
}

// SourceBuckets returns the names of the buckets of the source environment,
// except log buckets.
func (s *Stage) SourceBuckets() []string {
	var names []string
	for p, o := range s.bucketOptions() {
		if s.Has(p) {
			names = append(names, *o.name)
		}
	}
	if s.Replica != nil {
		names = append(names, s.Replica.SourceBucket)
	}
	return names
}

// logBucket is a log bucket that the stage has.
type logBucket struct {
	Environment
	field, kind, name string
}

func (s *Stage) logBuckets() []logBucket {
	var list []logBucket
	for _, e := range s.environments() {
		if *s.Logs.ServerAccess {
			list = append(list, logBucket{e, "logs.serverAccess", "logs", s.LogBucket(e)})
		}
		if *s.Logs.Inventory {
			list = append(list, logBucket{e, "logs.inventory", "inventory", s.InventoryBucket(e)})
		}
	}
	return list
}

// checkLogs checks the options of the logs.
func (d *document) checkLogs(s *Stage) {
	path := fieldPath(s, "logs")
	if at := path + ".inventoryFrequency"; d.has(at) && !d.failed(at) && s.Logs.InventoryFrequency != "weekly" && s.Logs.InventoryFrequency != "daily" {
		d.report(at, "inventoryFrequency %s: write weekly or daily", quote(s.Logs.InventoryFrequency))
	}
	d.between(path+".retentionDays", s.Logs.RetentionDays, 1, maxDays)
	if *s.Logs.Inventory || d.failed(path+".inventory") {
		return
	}
	if at := path + ".inventoryFrequency"; d.has(at) {
		d.report(at, "inventoryFrequency has no effect without inventory: remove it, or the line inventory: false")
	}
	if at := path + ".retentionDays"; d.has(at) && !*s.Logs.ServerAccess {
		d.report(at, "retentionDays has no effect without serverAccess and inventory: remove it, or turn one of them on")
	}
}
