using FluentValidation;
using FluentValidation.AspNetCore;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Kernel.Web.Validation;

/// <summary>
/// Runs the validator of each argument during model binding, after unknown members were refused. MVC runs validators synchronously, so none
/// may have an async rule (ArchTests check this).
/// </summary>
internal static class ValidationSetup
{
    static ValidationSetup()
    {
        ValidatorOptions.Global.PropertyNameResolver = (type, member, _) => member is null ? null : WireNames.Of(type, member);
        ValidatorOptions.Global.DisplayNameResolver = (type, member, _) => member is null ? null : WireNames.Of(type, member);
        ValidatorOptions.Global.LanguageManager.Enabled = false;
    }

    public static void AddValidation(this IServiceCollection services, IEnumerable<Assembly> modules)
    {
        services.AddFluentValidationAutoValidation();
        services.AddSingleton<IValidatorInterceptor, RefuseInvalid>();
        services.AddValidatorsFromAssemblies(modules, ServiceLifetime.Singleton, includeInternalTypes: true);
    }

    /// <summary>Refuses with all errors of an argument at once, by wire path. The model state would change the names.</summary>
    private sealed class RefuseInvalid : IValidatorInterceptor
    {
        public IValidationContext BeforeAspNetValidation(ActionContext actionContext, IValidationContext commonContext) => commonContext;

        public ValidationResult AfterAspNetValidation(
            ActionContext actionContext, IValidationContext validationContext, ValidationResult result)
        {
            if (result.IsValid) return result;
            throw Invalid.Fields(result.Errors
                .GroupBy(e => e.PropertyName, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).ToArray()));
        }
    }
}
