using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Webhooks.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class WebhookAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "OwnerUserId",
                table: "webhooks_endpoints",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "SealedUrl",
                table: "webhooks_endpoints",
                type: "BLOB",
                maxLength: 7000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OwnerUserId",
                table: "webhooks_endpoints");

            migrationBuilder.DropColumn(
                name: "SealedUrl",
                table: "webhooks_endpoints");
        }
    }
}
