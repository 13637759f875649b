using System.Globalization;
using Aegis.Benchmarks;
using Aegis.Benchmarks.Measures;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [CeilingApp.Switch, var folder]) return await CeilingApp.Run(folder);
if (Plan.Of(args) is not { } plan)
{
    Console.Error.WriteLine(Plan.Usage);
    return 2;
}

Plan.RequireRelease();
using var workspace = new Workspace();
var table = new List<Row>();
foreach (var (name, measure) in new (string, Func<Plan, Workspace, Action<Row>, Task>)[]
{
    ("P1", Tokens.Measure),
    ("P2", Reads.Measure),
    ("P3", Secrets.Measure),
    ("P4", Ingest.Measure),
    ("P5", Download.Measure),
    ("P6", AuditLog.Measure),
    ("P7", Deliveries.Measure),
    ("P8", Growth.Measure),
    ("P8", VaultGrowth.Measure),
    ("P9", Start.Measure),
})
{
    if (!plan.Includes(name)) continue;
    Console.Out.WriteLine($"{name} …");
    await measure(plan, workspace, row =>
    {
        table.Add(row);
        Console.Out.WriteLine(Table.Line(row));
    });
}

Console.Out.WriteLine();
Console.Out.WriteLine(Table.Of(table));
if (plan.IsWhole) Document.Write(table);
return 0;
