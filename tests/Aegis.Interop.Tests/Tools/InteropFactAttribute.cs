namespace Aegis.Interop.Tests.Tools;

/// <summary>A fact that needs programs we did not write. It is skipped where they are missing, unless <c>AEGIS_INTEROP=required</c>.</summary>
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
