namespace Aegis.Sdk;

/// <summary>
/// The API of one Aegis host. Create one client and keep it. It is safe for concurrent use and keeps the token of the key.
/// Each property is a group of operations; they all send through one internal caller, which adds the token and repeats safe calls.
/// Refusals are thrown as <see cref="Failures.AegisException"/>.
/// </summary>
public sealed class AegisClient : IDisposable
{
    private readonly HttpClient? ownedHttp;
    private readonly KeyExchange? exchange;

    /// <summary>Creates a client with an API key.</summary>
    /// <param name="baseAddress">Address of the API, such as <c>https://api.example.org</c>.</param>
    /// <param name="apiKey"><c>aegis_…</c>.</param>
    public AegisClient(Uri baseAddress, string apiKey)
        : this(new AegisClientOptions { BaseAddress = baseAddress, ApiKey = apiKey })
    {
    }

    /// <summary>Creates a client with options. Without key and token source only public operations work.</summary>
    /// <param name="options">How to reach the host.</param>
    public AegisClient(AegisClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ApiKey is not null && options.Tokens is not null)
            throw new ArgumentException("Give either a key or a token source, not both.", nameof(options));
        if (!options.BaseAddress.IsAbsoluteUri || options.BaseAddress.Scheme is not ("http" or "https"))
            throw new ArgumentException("BaseAddress must be an absolute http or https address.", nameof(options));
        ownedHttp = options.HttpClient is null ? NewHttp() : null;
        var transport = new Transport(options.HttpClient ?? ownedHttp!, options);
        exchange = options.ApiKey is null ? null : new KeyExchange(transport, options.ApiKey, options.Clock);
        Tokens = options.Tokens ?? exchange;
        var caller = new Caller(transport, Tokens);
        Identity = new IdentityApi(caller);
        Keys = new KeysApi(caller);
        Partnerships = new PartnershipsApi(caller);
        Applications = new ApplicationsApi(caller);
        Users = new UsersApi(caller);
        Authenticator = new AuthenticatorApi(caller);
        SigningKeys = new SigningKeysApi(caller);
        Requests = new RequestsApi(caller);
        Transfers = new TransfersApi(caller);
        Credentials = new CredentialsApi(caller);
        Vault = new VaultApi(caller);
        Health = new HealthApi(caller);
        Audit = new AuditApi(caller);
        Webhooks = new WebhooksApi(caller);
        Events = new EventsApi(caller);
    }

    /// <summary>The source of the Bearer tokens; null when none are sent.</summary>
    public TokenSource? Tokens { get; }

    /// <summary>The caller, its sessions and organization, and the catalogue of scopes.</summary>
    public IdentityApi Identity { get; }

    /// <summary>API keys.</summary>
    public KeysApi Keys { get; }

    /// <summary>Partnerships: which organizations may request studies from each other.</summary>
    public PartnershipsApi Partnerships { get; }

    /// <summary>Applications for access.</summary>
    public ApplicationsApi Applications { get; }

    /// <summary>Users of your organization.</summary>
    public UsersApi Users { get; }

    /// <summary>The user's authenticator app.</summary>
    public AuthenticatorApi Authenticator { get; }

    /// <summary>The keys that sign access tokens.</summary>
    public SigningKeysApi SigningKeys { get; }

    /// <summary>Requests for studies, sent and received.</summary>
    public RequestsApi Requests { get; }

    /// <summary>The inbox, and the operations on received studies.</summary>
    public TransfersApi Transfers { get; }

    /// <summary>Credentials in the vault.</summary>
    public CredentialsApi Credentials { get; }

    /// <summary>Connections, providers, sync, schedule and log of the vault.</summary>
    public VaultApi Vault { get; }

    /// <summary>Health of the host and the credentials.</summary>
    public HealthApi Health { get; }

    /// <summary>The audit log.</summary>
    public AuditApi Audit { get; }

    /// <summary>Webhook endpoints: addresses that events are sent to.</summary>
    public WebhooksApi Webhooks { get; }

    /// <summary>Events, for programs that cannot receive webhooks.</summary>
    public EventsApi Events { get; }

    /// <summary>Closes the connections, except those of <see cref="AegisClientOptions.HttpClient"/>.</summary>
    public void Dispose()
    {
        ownedHttp?.Dispose();
        exchange?.Dispose();
    }

    /// <summary>Redirects are not followed, because the token would be sent along. Connections are renewed to notice DNS changes.</summary>
    private static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None, // digests cover the bytes as sent
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each call has its own timeout
    };
}
