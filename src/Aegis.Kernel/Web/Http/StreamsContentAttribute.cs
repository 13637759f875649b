namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Marks an operation that answers with a long stream. The response is not buffered for the audit, the operation writes its own start and
/// end entries, and its path contains a credential and is never logged.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StreamsContentAttribute : Attribute;
