using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class ViewRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Continuation_From",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_Reach",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_To",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_Until",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Frames",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Study_InstancesSha256",
                table: "studies_transfers",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ViewThreshold",
                table: "studies_transfers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "CountedBytes",
                table: "studies_study_keys",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Continues",
                table: "studies_stream_leases",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "RequestedAt",
                table: "studies_stream_leases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Result_InstancesBytes",
                table: "studies_requests",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Result_InstancesSha256",
                table: "studies_requests",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "ServedAtMostIntervals",
                table: "studies_meters",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "UncoveredIntervals",
                table: "studies_meters",
                type: "BLOB",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Continuation_From",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_Reach",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_To",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_Until",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "Frames",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "Study_InstancesSha256",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "ViewThreshold",
                table: "studies_transfers");

            migrationBuilder.DropColumn(
                name: "CountedBytes",
                table: "studies_study_keys");

            migrationBuilder.DropColumn(
                name: "Continues",
                table: "studies_stream_leases");

            migrationBuilder.DropColumn(
                name: "RequestedAt",
                table: "studies_stream_leases");

            migrationBuilder.DropColumn(
                name: "Result_InstancesBytes",
                table: "studies_requests");

            migrationBuilder.DropColumn(
                name: "Result_InstancesSha256",
                table: "studies_requests");

            migrationBuilder.DropColumn(
                name: "ServedAtMostIntervals",
                table: "studies_meters");

            migrationBuilder.DropColumn(
                name: "UncoveredIntervals",
                table: "studies_meters");
        }
    }
}
