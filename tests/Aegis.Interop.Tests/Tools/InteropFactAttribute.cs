namespace Aegis.Interop.Tests.Tools;

/// <summary>
/// A fact that needs other people's programs. It runs only if <c>AEGIS_INTEROP</c> is set: <c>installed</c> skips facts that miss a tool,
/// <c>required</c> skips none. Without the variable all are skipped, because a machine that has some of the tools by chance should not run,
/// or fail, half of the tests.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute(params string[] tools) => Skip = Tool.Missing(tools);
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute(params string[] tools) => Skip = Tool.Missing(tools);
}
