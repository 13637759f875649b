namespace Aegis.Sdk;

/// <summary>
/// The API of one Aegis host. Make one and keep it: it is safe for concurrent use, and holds the token that the key was exchanged for.
/// Refusals are thrown as <see cref="Failures.AegisException"/>.
/// </summary>
public sealed class AegisClient : IDisposable
{
    private readonly HttpClient? own;
    private readonly KeyExchange? exchange;

    /// <summary>Reaches a host with an API key.</summary>
    /// <param name="baseAddress">Where the API is, such as <c>https://api.example.org</c>.</param>
    /// <param name="apiKey"><c>aegis_…</c>.</param>
    public AegisClient(Uri baseAddress, string apiKey)
        : this(new AegisClientOptions { BaseAddress = baseAddress, ApiKey = apiKey })
    {
    }

    /// <summary>Reaches a host as the options say. Without key and token source only what everybody may call works.</summary>
    /// <param name="options">How the host is reached.</param>
    public AegisClient(AegisClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ApiKey is not null && options.Tokens is not null)
            throw new ArgumentException("Give either a key or a token source.", nameof(options));
        if (!options.BaseAddress.IsAbsoluteUri || options.BaseAddress.Scheme is not ("http" or "https"))
            throw new ArgumentException("BaseAddress must be an absolute http or https address.", nameof(options));
        own = options.HttpClient is null ? NewHttp() : null;
        var transport = new Transport(options.HttpClient ?? own!, options);
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

    /// <summary>What the client sends as Bearer; null when it sends nothing.</summary>
    public TokenSource? Tokens { get; }

    /// <summary>Who calls, and what there is to be allowed.</summary>
    public IdentityApi Identity { get; }

    /// <summary>API keys.</summary>
    public KeysApi Keys { get; }

    /// <summary>Who may ask whom for studies.</summary>
    public PartnershipsApi Partnerships { get; }

    /// <summary>Applications for access.</summary>
    public ApplicationsApi Applications { get; }

    /// <summary>People of the own organization.</summary>
    public UsersApi Users { get; }

    /// <summary>The user's authenticator app.</summary>
    public AuthenticatorApi Authenticator { get; }

    /// <summary>The keys that sign access tokens.</summary>
    public SigningKeysApi SigningKeys { get; }

    /// <summary>Requests for studies, of either side.</summary>
    public RequestsApi Requests { get; }

    /// <summary>The inbox, and everything that is done with a study that arrived.</summary>
    public TransfersApi Transfers { get; }

    /// <summary>Credentials of the vault.</summary>
    public CredentialsApi Credentials { get; }

    /// <summary>Connections, providers, sync, schedule and log of the vault.</summary>
    public VaultApi Vault { get; }

    /// <summary>How host and credentials are.</summary>
    public HealthApi Health { get; }

    /// <summary>The audit log.</summary>
    public AuditApi Audit { get; }

    /// <summary>Addresses that events are sent to.</summary>
    public WebhooksApi Webhooks { get; }

    /// <summary>Events, for those who cannot be called.</summary>
    public EventsApi Events { get; }

    /// <summary>Closes the connections, unless they are those of <see cref="AegisClientOptions.HttpClient"/>.</summary>
    public void Dispose()
    {
        own?.Dispose();
        exchange?.Dispose();
    }

    /// <summary>Redirects are not followed (a token would go along), connections are renewed so that a change of DNS is seen.</summary>
    private static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None, // digests are over what is sent
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(15),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each call has its own
    };
}
