using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.Pages;

/// <summary>Registers and maps the pages for people.</summary>
internal static class PageSetup
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorPages(o => o.Conventions.ConfigureFilter(new PageAnswers()).ConfigureFilter(new OnlyItsMethods()));
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, FormProtection>();
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRazorPages().WithMetadata(new RefusalPage(RefusalPages.Write));
        Asset.Map(endpoints);
    }

    public static ApplicationPart Part => new CompiledRazorAssemblyPart(typeof(PageSetup).Assembly);

    /// <summary>Gives pages their headers, and forms that were not sent from our pages an answer.</summary>
    private sealed class PageAnswers : IAlwaysRunResultFilter, IOrderedFilter
    {
        public int Order => int.MinValue;

        public void OnResultExecuting(ResultExecutingContext context)
        {
            RefusalPages.SetHeaders(context.HttpContext.Response);
            if (context.Result is IAntiforgeryValidationFailedResult)
                throw Refuse.Invalid("form_expired",
                    "This form is too old, or was not sent from this page. Go back, load the page again, and repeat what you did. Cookies "
                        + "must be allowed.");
        }

        public void OnResultExecuted(ResultExecutedContext context)
        {
        }
    }

    /// <summary>A page that does nothing for a method would be shown with nothing in it.</summary>
    private sealed class OnlyItsMethods : IPageFilter
    {
        public void OnPageHandlerSelected(PageHandlerSelectedContext context)
        {
        }

        public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
        {
            var getOnly = context.ActionDescriptor.HandlerTypeInfo.IsDefined(typeof(GetOnlyAttribute), inherit: false);
            if (context.HandlerMethod is not null && !(getOnly && HttpMethods.IsHead(context.HttpContext.Request.Method))) return;
            var handlers = context.ActionDescriptor.HandlerMethods;
            var methods = handlers.Select(h => h.HttpMethod.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
            if (methods.Contains(HttpMethods.Get) && !getOnly) methods.Add(HttpMethods.Head);
            context.HttpContext.Response.Headers.Allow = string.Join(", ", methods.Order(StringComparer.Ordinal));
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }

        public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
        {
        }
    }

    /// <summary>The names of what protects forms.</summary>
    private sealed class FormProtection(IPublicUrl publicUrl) : IConfigureOptions<AntiforgeryOptions>
    {
        public void Configure(AntiforgeryOptions options)
        {
            var isHttps = publicUrl.Value.StartsWith("https:", StringComparison.Ordinal);
            options.Cookie = new FormCookie(isHttps)
            {
                Name = isHttps ? "__Host-aegis-form" : "aegis-form",
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                IsEssential = true
            };
            options.FormFieldName = "form";
            options.SuppressXFrameOptionsHeader = true; // the edge sends it
        }
    }
    /// <summary>
    /// Secure by the public address: by its own policy antiforgery would refuse to work behind a proxy that ends TLS and is not trusted.
    /// </summary>
    private sealed class FormCookie(bool isHttps) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isHttps;
            return options;
        }
    }
}
