using Aegis.Kernel.Json;

[assembly: SnakeCase]
