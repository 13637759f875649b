using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Kernel.Idempotency;

/// <summary>
/// Accepts an Idempotency-Key. A repeat within 24 hours with the same body gets the same answer, rebuilt from the stored object;
/// with another body it is refused.
/// </summary>
/// <param name="status">HTTP status of success, given again on a repeat.</param>
/// <param name="answer">Name of the controller's action that shapes the object, called with <c>(id, ct)</c>; null when the answer held a secret.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute(int status, string? answer) : Attribute, IFilterFactory
{
    public const string Header = "Idempotency-Key";

    public bool IsReusable => false;

    public int Status { get; } = status;

    public string? Answer { get; } = answer;

    public IFilterMetadata CreateInstance(IServiceProvider serviceProvider) =>
        ActivatorUtilities.CreateInstance<IdempotencyFilter>(serviceProvider, this);
}
