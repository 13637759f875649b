namespace Aegis.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat { Table, Json, Yaml }
