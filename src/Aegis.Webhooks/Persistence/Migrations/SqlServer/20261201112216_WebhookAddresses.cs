using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Webhooks.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class WebhookAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "OwnerUserId",
                schema: "webhooks",
                table: "endpoints",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<byte[]>(
                name: "SealedUrl",
                schema: "webhooks",
                table: "endpoints",
                type: "varbinary(7000)",
                maxLength: 7000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OwnerUserId",
                schema: "webhooks",
                table: "endpoints");

            migrationBuilder.DropColumn(
                name: "SealedUrl",
                schema: "webhooks",
                table: "endpoints");
        }
    }
}
