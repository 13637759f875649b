namespace Aegis.Webhooks.Persistence;

/// <summary>Endpoints, the published events of each organization, and their deliveries.</summary>
internal abstract class WebhooksDb(DbContextOptions options) : ModuleDb(options, "webhooks")
{
    public DbSet<WebhookEndpoint> Endpoints => Set<WebhookEndpoint>();

    public DbSet<EndpointQueue> EndpointQueues => Set<EndpointQueue>();

    public DbSet<PublishedEvent> Events => Set<PublishedEvent>();

    public DbSet<EventCount> Counts => Set<EventCount>();

    public DbSet<ObjectCount> ObjectCounts => Set<ObjectCount>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<Attempt> Attempts => Set<Attempt>();

    public DbSet<Replay> Replays => Set<Replay>();
}

internal sealed class SqliteWebhooksDb(DbContextOptions<SqliteWebhooksDb> options) : WebhooksDb(options);

internal sealed class SqlServerWebhooksDb(DbContextOptions<SqlServerWebhooksDb> options) : WebhooksDb(options);
