namespace Aegis.Kernel.Web.Http;

/// <summary>Marks an operation that reads its body as a stream, with the accepted content types.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AcceptsUploadAttribute(params string[] contentTypes) : Attribute
{
    public IReadOnlyList<string> ContentTypes { get; } = contentTypes;
}
